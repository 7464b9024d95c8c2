"""What members are told by mail when others change what they are."""

from django.conf import settings

from audit.actors import Actor
from mail import messages
from orgs.members import in_charge
from orgs.models import Membership, Organization
from orgs.roles import Role


def tell(actor: Actor, membership: Membership, what: str) -> None:
    """Write to a member that they are removed, changed or the owner; not of their own doing."""
    user, organization = membership.user, membership.organization
    if user.pk == actor.user_id or not user.email:
        return
    context = {
        "name": user.name,
        "organization": organization.name,
        "role": Role(membership.role).label.lower(),
        "by": actor.label,
        "url": f"{settings.PUBLIC_URL}/orgs/",
    }
    messages.send(f"orgs/email/member_{what}", to=user.email, context=context)


def tell_of_deletion(actor: Actor, organization: Organization) -> None:
    """Write to owners and admins that the organization is going, to who deleted it, too."""
    for user in in_charge.people(organization.pk):
        context = {
            "name": user.name,
            "organization": organization.name,
            "by": "You" if user.pk == actor.user_id else actor.label,
            "url": f"{settings.PUBLIC_URL}/orgs/",
        }
        messages.send("orgs/email/organization_deleted", to=user.email, context=context)

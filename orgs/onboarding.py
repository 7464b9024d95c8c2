"""The first organization makes itself."""

from accounts.models import User
from audit.actors import Actor, Means
from orgs import access, services
from orgs.models import Organization


def landing_organization(user: User) -> Organization:
    """Return where a person lands after signing in, and make it on the first time."""
    first = access.organizations_of(user).order_by("memberships__created_at").first()
    if first is not None:
        return first
    actor = Actor(user_id=user.id, label=user.email, means=Means.SYSTEM)
    return services.create(actor, owner=user, name=f"{user.username}'s organization")

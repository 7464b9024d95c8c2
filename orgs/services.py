"""What can be done to organizations."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib.errors import Conflict

SLUG_ATTEMPTS = 50


def create(actor: Actor, *, owner: User, name: str, description: str = "") -> Organization:
    """Make an organization with its first owner. The slug is derived from the name."""
    with transaction.atomic():
        organization = _insert(name, description)
        Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
        audit.record(
            actor,
            Action.ORGANIZATION_CREATE,
            organization_id=organization.id,
            object_id=organization.id,
            object_label=organization.name,
        )
    return organization


def update(actor: Actor, organization: Organization, *, name: str, description: str) -> None:
    """Change name and description; the slug stays, because links point to it."""
    before = {"name": organization.name, "description": organization.description}
    after = {"name": name, "description": description}
    organization.name, organization.description = name, description
    with transaction.atomic():
        organization.save(update_fields=["name", "description", "updated_at"])
        audit.record(
            actor,
            Action.ORGANIZATION_UPDATE,
            organization_id=organization.id,
            object_id=organization.id,
            object_label=name,
            changes={"before": before, "after": after},
        )


def _insert(name: str, description: str) -> Organization:
    base = slugify(name)[:50] or "organization"
    for number in range(1, SLUG_ATTEMPTS):
        slug = base if number == 1 else f"{base}-{number}"
        try:
            # The unique index decides who gets a slug; the savepoint keeps the transaction alive.
            with transaction.atomic():
                return Organization.objects.create(name=name, slug=slug, description=description)
        except IntegrityError:
            continue
    raise Conflict(f"Too many organizations are called {name}. Choose another name.")

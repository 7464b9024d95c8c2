"""What can be done to organizations."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs import validation
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked

COUNTED_SLUGS = 5
RANDOM_SLUGS = 20


@retried_when_locked
def create(actor: Actor, *, owner: User, name: str, description: str = "") -> Organization:
    """Make an organization with its first owner. The slug is derived from the name.

    Raises InvalidInput.
    """
    name, description = validation.check(name, description)
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


def names_of(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of those that exist."""
    return dict(Organization.objects.filter(pk__in=ids).values_list("pk", "name"))


@retried_when_locked
def update(actor: Actor, organization: Organization, *, name: str, description: str) -> None:
    """Change name and description; the slug stays, because links point to it.

    Raises InvalidInput.
    """
    name, description = validation.check(name, description)
    before = {"name": organization.name, "description": organization.description}
    after = {"name": name, "description": description}
    if after == before:
        return
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
    for slug in _slugs(name):
        try:
            # The unique index decides who gets a slug; the savepoint keeps the transaction alive.
            with transaction.atomic():
                return Organization.objects.create(name=name, slug=slug, description=description)
        except IntegrityError:
            continue
    raise Conflict(f"Too many organizations are called {name}. Choose another name.")


def _slugs(name: str) -> Iterator[str]:
    """Propose slugs: readable while there are few of a name, then surely free ones."""
    base = slugify(name)[:50].strip("-_") or "organization"
    if base not in validation.RESERVED_SLUGS:
        yield base
    for number in range(2, COUNTED_SLUGS + 1):
        yield f"{base}-{number}"
    for _ in range(RANDOM_SLUGS):
        yield f"{base}-{secrets.token_hex(4)}"

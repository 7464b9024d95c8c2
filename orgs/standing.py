"""Who may still see what they have open: asked again and again, for many pages at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from accounts.models import User
from accounts.sessions import people_of
from orgs import doorkeepers
from orgs.access import Access
from orgs.models import Membership
from orgs.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever holds a session, in one organization."""

    session_key: str | None
    organization: UUID


class Refused(IntEnum):
    """Why not, as the code that a socket is closed with."""

    NOT_SIGNED_IN = 4401
    NOT_ALLOWED = 4403
    NOT_FOUND = 4404


def standings(askers: Collection[Asker], permission: Permission) -> dict[Asker, Access | Refused]:
    """Answer each, in three queries however many; it is what ``enter`` would say to one."""
    people = people_of({asker.session_key for asker in askers if asker.session_key})
    memberships = _memberships(people.values(), {asker.organization for asker in askers})

    def answer(asker: Asker) -> Access | Refused:
        person = people.get(asker.session_key or "")
        if person is None:
            return Refused.NOT_SIGNED_IN
        membership = memberships.get((person.pk, asker.organization))
        if membership is None:
            return Refused.NOT_FOUND
        if doorkeepers.refusal(membership, person) is not None:
            return Refused.NOT_ALLOWED
        access = Access(membership.organization, person, Role(membership.role))
        return access if access.may(permission) else Refused.NOT_ALLOWED

    return {asker: answer(asker) for asker in askers}


def _memberships(
    people: Iterable[User], organizations: Collection[UUID]
) -> dict[tuple[UUID, UUID], Membership]:
    found = doorkeepers.with_what_they_read(Membership.objects).filter(
        user__in={person.pk for person in people}, organization__in=organizations
    )
    return {(each.user_id, each.organization_id): each for each in found}

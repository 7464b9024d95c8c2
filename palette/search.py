"""What an organization holds that fits some words: at most a screen full, the best first.

As in the list of instances names are compared here and not by the database, which finds ``Ä`` for
``ä`` in no way of its own. Of everything only the names are read, and the rest of what fits best.
"""

from collections.abc import Iterable
from itertools import chain
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from apikeys import access as key_access
from apikeys.models import ApiKey
from instances import access as instance_access
from instances.models import Instance
from instances.pages import NOT_LISTED
from instances.presentation import show
from orgs.access import Access, organizations_of
from orgs.members import people
from orgs.models import Organization
from orgs.roles import Permission, Role
from palette import matching, of_instances, of_keys
from palette.entries import Entry, Group, ids_among

MOST = 20
UNNAMED_MOST = 5
"""How many instances an action is offered for when the words name none."""
READ_MOST = 2000
"""How many names of a kind are looked at."""
ID_LEAST = 4
"""Letters from which on a word may be the beginning of an id."""


def of_organization(access: Access, words: matching.Words) -> list[Entry]:
    """Search instances, keys, members, and the person's organizations."""
    found = chain(
        _instances(access, words),
        _keys(access, words),
        _members(access),
        organizations(access.user, besides=access.organization),
    )
    return best(found, words)


def best(found: Iterable[Entry], words: matching.Words) -> list[Entry]:
    """Give what fits, an object before what can be done with it where they fit alike."""
    scored = [(entry.score(words), entry) for entry in found]
    fitting = [(score, entry) for score, entry in scored if score]
    fitting.sort(key=lambda each: (-each[0], each[1].group is Group.ACTIONS))
    return [entry for _, entry in fitting[:MOST]]


def known(access: Access, at: str, recent: list[str]) -> list[Entry]:
    """Give all about the instance with the id ``at``, and those entries that have these ids."""
    here = f"instance:{at}"
    ids, key_ids = ids_among([here, *recent], "instance"), ids_among(recent, "key")
    found = [
        *(_about_instances(access, ids) if ids else ()),
        *(_about_keys(access, key_ids) if key_ids else ()),
    ]
    return [each for each in found if each.id in recent or (at and each.id.startswith(here))]


def organizations(user: User, *, besides: Organization | None = None) -> list[Entry]:
    """Give the person's organizations, but for the one that they are in."""
    mine = organizations_of(user).only("id", "name", "slug")[:READ_MOST]
    return [_organization(each) for each in mine if each != besides]


def _instances(access: Access, words: matching.Words) -> list[Entry]:
    rows = instance_access.instances_of(access).values_list("id", "name", "slug")[:READ_MOST]
    return _about_instances(access, _closest(rows, words, UNNAMED_MOST))


def _about_instances(access: Access, ids: list[UUID]) -> list[Entry]:
    mine: QuerySet[Instance] = instance_access.instances_of(access).filter(pk__in=ids)
    rows = mine.select_related("their_server").defer(*NOT_LISTED)
    return [entry for row in rows for entry in of_instances.entries(access, show(access, row))]


def _keys(access: Access, words: matching.Words) -> list[Entry]:
    keys = key_access.keys_of(access).prefetch_related(None).select_related(None)
    rows = keys.values_list("id", "name", "hint", "prefix")[:READ_MOST]
    return _about_keys(access, _closest(rows, words, 0))


def _about_keys(access: Access, ids: list[UUID]) -> list[Entry]:
    keys: QuerySet[ApiKey] = key_access.keys_of(access).filter(pk__in=ids)
    rows = keys.prefetch_related(None).select_related(None)
    return [entry for row in rows for entry in of_keys.entries(access, row)]


def _closest(
    rows: Iterable[tuple[UUID, *tuple[str, ...]]], words: matching.Words, unnamed: int
) -> list[UUID]:
    """Give the ids of what the words may mean, though others of them say what to do with it."""
    scored = [(sum(_fit(word, row) for word in words), row[0]) for row in rows]
    named = sorted((each for each in scored if each[0]), key=lambda each: -each[0])
    return [row_id for _, row_id in named[:MOST] or scored[:unnamed]]


def _fit(word: str, row: tuple[UUID, *tuple[str, ...]]) -> int:
    row_id, *texts = row
    is_id = len(word) >= ID_LEAST and str(row_id).startswith(word)
    return matching.WHOLE if is_id else max(matching.fit(word, text.casefold()) for text in texts)


def _members(access: Access) -> list[Entry]:
    if not access.may(Permission.MEMBER_VIEW):
        return []
    address = reverse("orgs:members", args=(access.organization.slug,))
    columns = ("user__username", "user__shown_name", "user__email", "role")
    rows = people.members_of(access).select_related(None).values_list("id", *columns)[:READ_MOST]
    return [
        Entry(
            id=f"member:{row_id}",
            group=Group.MEMBERS,
            label=shown_name or username,
            icon="user",
            note=f"{email} · {Role(role).label}",
            words=f"{username} {email}",
            href=f"{address}?{urlencode({'q': email})}",
        )
        for row_id, username, shown_name, email, role in rows
    ]


def _organization(organization: Organization) -> Entry:
    return Entry(
        id=f"organization:{organization.pk}",
        group=Group.ORGANIZATIONS,
        label=organization.name,
        icon="building",
        words=f"{organization.slug} switch organization",
        href=reverse("orgs:overview", args=(organization.slug,)),
    )

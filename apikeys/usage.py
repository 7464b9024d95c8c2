"""What keys did and when they were last used: values, and writing them down in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from apikeys.models import ApiKey, KeyUsage, SecretUse
from orgs import first_command

ROWS_MAX = 100
"""Rows for one statement; some databases take a thousand values at most."""

SECRET_USES_MAX = 100
"""Who used the secrets of one key: programs without a fixed address are many."""


class Slot(NamedTuple):
    """Where usage belongs: one key on one instance in one hour."""

    key_id: UUID
    instance_id: UUID
    hour: datetime


@dataclass(slots=True)
class Amounts:
    """How much. ``commands`` are those answered, ``errors`` include refused requests."""

    requests: int = 0
    commands: int = 0
    errors: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def add(self, other: "Amounts") -> None:
        self.requests += other.requests
        self.commands += other.commands
        self.errors += other.errors
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out

    @property
    def has_success(self) -> bool:
        """Tell whether at least one command was answered without an error."""
        return self.commands > self.errors


NUMBERS = tuple(each.name for each in fields(Amounts))
COLUMNS = (*Slot._fields, *NUMBERS)
_PLACES = [field for field in KeyUsage._meta.concrete_fields if field.column in Slot._fields]
_numbers: Callable[[Amounts], tuple[int, ...]] = attrgetter(*NUMBERS)


@dataclass(frozen=True, slots=True)
class LastUse:
    """When a key was used, from which address, and what the client calls itself."""

    at: datetime
    address: str
    client: str


class Secret(NamedTuple):
    """One of the two secrets that a key has while it is rotated, and who used it."""

    key_id: UUID
    hint: str
    address: str
    client: str


def write(
    amounts: Mapping[Slot, Amounts],
    last: Mapping[UUID, LastUse],
    secrets: Mapping[Secret, datetime] | None = None,
) -> None:
    """Add amounts to what is there, all or nothing; keys that are gone are left out.

    ``secrets`` are who used which secret, and when.
    """
    wanted = sorted({slot.key_id for slot in amounts} | set(last))
    with transaction.atomic():
        locked = _lock(wanted)
        known = {key_id: before.last_used_at for key_id, before in locked.items()}
        _note_last_use(known, last)
        _note_first_commands(locked, amounts, last)
        _note_secrets({used: at for used, at in (secrets or {}).items() if used.key_id in known})
        rows = [(slot, more) for slot, more in amounts.items() if slot.key_id in known]
        for start in range(0, len(rows), ROWS_MAX):
            _add(rows[start : start + ROWS_MAX])


def prune(before: datetime, *, most: int) -> int:
    """Delete usage of earlier hours, the oldest first, and tell how many rows that were."""
    old = KeyUsage.objects.filter(hour__lt=before).order_by("hour")
    rows = list(old.values_list("pk", flat=True)[:most])
    KeyUsage.objects.filter(pk__in=rows).delete()
    return len(rows)


class _Before(NamedTuple):
    """What a key was before this batch."""

    last_used_at: datetime | None
    organization_id: UUID


def _lock(key_ids: Sequence[UUID]) -> dict[UUID, _Before]:
    """Give the keys that are there as they were, and hold them until the end.

    All writers lock in the same order, and nobody can delete a key meanwhile.
    """
    known: dict[UUID, _Before] = {}
    for start in range(0, len(key_ids), ROWS_MAX):
        keys = ApiKey.objects.filter(pk__in=key_ids[start : start + ROWS_MAX]).order_by("pk")
        locked = keys.select_for_update(no_key=True)
        rows = locked.values_list("pk", "last_used_at", "organization_id")
        known.update({pk: _Before(used_at, owner) for pk, used_at, owner in rows})
    return known


def _note_last_use(known: Mapping[UUID, datetime | None], last: Mapping[UUID, LastUse]) -> None:
    """Write down the uses that are news: another worker may have seen a later one."""
    news = [
        ApiKey(
            pk=key_id,
            last_used_at=use.at,
            last_used_from=use.address,
            last_used_with=use.client,
        )
        for key_id, use in last.items()
        if key_id in known and ((before := known[key_id]) is None or before < use.at)
    ]
    columns = ("last_used_at", "last_used_from", "last_used_with")
    ApiKey.objects.bulk_update(news, columns, batch_size=ROWS_MAX)


def _note_first_commands(
    known: Mapping[UUID, _Before],
    amounts: Mapping[Slot, Amounts],
    last: Mapping[UUID, LastUse],
) -> None:
    """Tell the organizations whose keys were answered well; most have known that for long."""
    succeeded = {slot.key_id for slot, more in amounts.items() if more.has_success}
    came: dict[UUID, datetime] = {}
    for key_id in succeeded & known.keys() & last.keys():
        at, organization_id = last[key_id].at, known[key_id].organization_id
        came[organization_id] = min(came.get(organization_id, at), at)
    first_command.note(came)


def _note_secrets(secrets: Mapping[Secret, datetime]) -> None:
    """Write down who used which secret; of each key the latest are kept."""
    SecretUse.objects.bulk_create(
        [SecretUse(**used._asdict(), at=at) for used, at in secrets.items()],
        batch_size=ROWS_MAX,
        update_conflicts=True,
        unique_fields=["key", "hint", "address", "client"],
        update_fields=["at"],
    )
    for key_id in {used.key_id for used in secrets}:
        mine = SecretUse.objects.filter(key=key_id)
        kept = list(mine.order_by("-at", "pk").values_list("pk", flat=True)[:SECRET_USES_MAX])
        if len(kept) == SECRET_USES_MAX:
            mine.exclude(pk__in=kept).delete()


def _add(rows: Sequence[tuple[Slot, Amounts]]) -> None:
    """Insert rows, or add to those that are there, which Django's bulk_create can't."""
    table = KeyUsage._meta.db_table
    values = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * len(rows))
    additions = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in NUMBERS)
    statement = (
        f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES {values}"  # noqa: S608  our own names
        f" ON CONFLICT ({', '.join(Slot._fields)}) DO UPDATE SET {additions}"
    )
    prepared: list[Any] = []
    for slot, more in rows:
        pairs = zip(_PLACES, slot, strict=True)
        prepared += [column.get_db_prep_save(part, connection) for column, part in pairs]
        prepared += _numbers(more)
    with connection.cursor() as cursor:
        cursor.execute(statement, prepared)

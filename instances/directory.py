"""Look an instance up for the command API, by its id alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from instances import acl
from instances.drivers import driver
from instances.models import EXTERNAL, Instance, TheirServer
from instances.provisioners.base import Provisioner
from instances.spec import Endpoint
from instances.spec_of_row import address_spec_of
from instances.states import Status, Wish
from redisgate.lib import crypto


@dataclass(frozen=True, slots=True)
class Target:
    """What the way of a command needs to know of an instance."""

    instance_id: UUID
    organization_id: UUID
    wish: Wish
    status: Status
    endpoint: Endpoint
    scope_passwords: Mapping[str, str] = field(repr=False)
    """Passwords of ``acl.scope_users``; empty where keys must not share a connection."""


def find_target(instance_id: UUID) -> Target | None:
    """Return where the instance listens and how the platform logs in there; one query."""
    return next(iter(find_targets([instance_id])), None)


def find_targets(instance_ids: Sequence[UUID]) -> list[Target]:
    """Do it for many; one query, and what isn't there is left out.

    The command API asks again and again, so a row that is as it was isn't read a second time.
    """
    found = Instance.objects.filter(pk__in=instance_ids).order_by().values_list(*_COLUMNS)
    with connection.cursor() as cursor:
        # Not as Django gives them: opening the secrets of rows costs more than all the rest.
        cursor.execute(*found.query.sql_with_params())
        rows: list[_Row] = cursor.fetchall()
    provisioners = {name: driver(name) for name in {row[_PROVISIONER] for row in rows}}
    adopted = [row[_ID] for row in rows if row[_PROVISIONER] == EXTERNAL]
    theirs = _their_servers(adopted) if adopted else {}
    return [
        _target(row, provisioners[row[_PROVISIONER]], theirs.get(UUID(str(row[_ID]))))
        for row in rows
    ]


_Row = tuple[Any, ...]
_COLUMNS = (
    "id",
    "organization_id",
    "wish",
    "status",
    "provisioner",
    "port",
    "memory_mb",
    "eviction_policy",
    "persistence",
    "admin_password",
)
_ID = _COLUMNS.index("id")
_PROVISIONER = _COLUMNS.index("provisioner")
# What decides how to connect: a row that is as it was gives the same endpoint.
_THEIR_COLUMNS = tuple(
    field.attname
    for field in TheirServer._meta.concrete_fields
    if field.attname not in {"findings", "checked_at"}
)


@lru_cache(maxsize=10_000)
def _target(row: _Row, provisioner: Provisioner, theirs: _Row | None) -> Target:
    instance = _instance(row)
    if theirs is not None:
        instance.their_server = TheirServer(**dict(zip(_THEIR_COLUMNS, theirs, strict=True)))
    shares = provisioner.may_share_connections
    return Target(
        instance_id=instance.pk,
        organization_id=instance.organization_id,
        wish=Wish(instance.wish),
        status=Status(instance.status),
        endpoint=provisioner.endpoint(address_spec_of(instance)),
        scope_passwords=acl.scope_passwords(instance.admin_password) if shares else {},
    )


def _their_servers(instance_ids: list[Any]) -> dict[UUID, _Row]:
    found = TheirServer.objects.filter(pk__in=instance_ids).values_list(*_THEIR_COLUMNS)
    return {row[0]: row for row in found}


def _instance(row: _Row) -> Instance:
    """Make the instance of a row as the database gives it, as far as its columns go."""
    columns = dict(zip(_COLUMNS, row, strict=True))
    columns["id"] = UUID(str(columns["id"]))
    columns["organization_id"] = UUID(str(columns["organization_id"]))
    columns["admin_password"] = crypto.decrypt(columns["admin_password"])
    return Instance(password="", **columns)

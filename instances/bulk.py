"""One action for many instances: each is done or refused for itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.actors import Actor
from instances import services
from instances.access import instances_of
from instances.models import Instance
from instances.states import Status
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import RedisGateError

MOST = 500
"""So many instances one request may name."""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """``service`` is what each instance's own button calls."""

    name: str
    service: Callable[[Actor, Instance], None]
    permission: Permission
    done: str
    """What happens to an instance now, as one word after *is* or *are*."""
    until: Status | None
    """The state in which it has happened; None when nothing is left to have one."""


ACTIONS = {
    action.name: action
    for action in (
        BulkAction(
            "start", services.start, Permission.INSTANCE_OPERATE, "starting", Status.RUNNING
        ),
        BulkAction("stop", services.stop, Permission.INSTANCE_OPERATE, "stopping", Status.STOPPED),
        BulkAction("delete", services.delete, Permission.INSTANCE_DELETE, "being deleted", None),
    )
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one instance; ``detail`` says why it was refused."""

    id: UUID
    name: str
    is_done: bool
    detail: str


def perform(actor: Actor, access: Access, action: BulkAction, ids: Sequence[UUID]) -> list[Result]:
    """Do it to each instance that the organization has, and say of each how it went."""
    found = instances_of(access).in_bulk(list(ids))
    return [_perform(actor, action, one, found.get(one)) for one in dict.fromkeys(ids)]


def _perform(actor: Actor, action: BulkAction, asked: UUID, instance: Instance | None) -> Result:
    if instance is None:
        gone = "There is no such instance. It may have been deleted."
        return Result(asked, "", is_done=False, detail=gone)
    try:
        action.service(actor, instance)
    except RedisGateError as refusal:
        return Result(asked, instance.name, is_done=False, detail=refusal.message)
    return Result(asked, instance.name, is_done=True, detail=f"It is {action.done}.")

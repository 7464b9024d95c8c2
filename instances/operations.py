"""What is under way on an instance, told from its row.

A wish and what became of it stand in the row already, counted where one may follow another. So an
operation is only a name for one of them, and there is no second truth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from instances.access import find
from instances.models import Instance
from instances.states import Status, Wish
from orgs.access import Access
from redisgate.lib.errors import NotFound


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FAILING = "failing"
    SUCCEEDED = "succeeded"
    SUPERSEDED = "superseded"


PROGRESS = {State.WAITING: 0, State.RUNNING: 50, State.FAILING: 50, State.SUCCEEDED: 100}


@dataclass(frozen=True, slots=True)
class Operation:
    """One wish for one instance; ``number`` counts those of a kind that can follow each other."""

    instance: Instance
    kind: str
    number: int = 0

    @property
    def id(self) -> str:
        return f"{self.instance.pk}-{self.kind}-{self.number}"

    @property
    def state(self) -> State:
        return JUDGES[self.kind](self.instance, self.number)

    @property
    def progress(self) -> int:
        """Give percents."""
        return PROGRESS.get(self.state, 100)

    @property
    def error(self) -> str | None:
        """Say why it doesn't get on; it is tried again and again."""
        note = self.instance.settings_note if self.kind == "settings" else ""
        return (note or self.instance.status_detail) if self.state is State.FAILING else None

    @property
    def location(self) -> str:
        return f"/api/organizations/{self.instance.organization_id}/operations/{self.id}"


def look(access: Access, operation_id: str) -> Operation:
    """Find an operation by its id. Raises NotFound, as for an instance that never was."""
    try:
        instance_id, kind, number = operation_id.rsplit("-", 2)
        instance = find(access, UUID(instance_id))
        operation = Operation(instance, kind, int(number))
    except ValueError:
        raise _no_such() from None
    if kind not in JUDGES or operation.id != operation_id or operation.number > _last(operation):
        raise _no_such()
    return operation


def _no_such() -> NotFound:
    return NotFound(
        "There is no such instance. It may have been deleted.", log="operation not found"
    )


def _last(operation: Operation) -> int:
    counts = {
        "settings": operation.instance.settings_wish,
        "restart": operation.instance.restart_wish,
    }
    return counts.get(operation.kind, 0)


def _started(instance: Instance, _number: int) -> State:
    if instance.wish != Wish.RUNNING:
        return State.SUPERSEDED
    if instance.status == Status.ERROR:
        return State.FAILING
    if instance.status == Status.RUNNING:
        return State.SUCCEEDED
    return State.WAITING if instance.status == Status.PENDING else State.RUNNING


def _stopped(instance: Instance, _number: int) -> State:
    if instance.wish != Wish.STOPPED:
        return State.SUPERSEDED
    return State.SUCCEEDED if instance.status == Status.STOPPED else State.RUNNING


def _restarted(instance: Instance, number: int) -> State:
    return _started(instance, number) if instance.restart_done >= number else State.RUNNING


def _applied(instance: Instance, number: int) -> State:
    if instance.settings_done >= number:
        return State.SUCCEEDED
    if instance.settings_failures:
        return State.FAILING
    return State.RUNNING if instance.status == Status.RUNNING else State.WAITING


JUDGES: dict[str, Callable[[Instance, int], State]] = {
    "create": _started,
    "start": _started,
    "stop": _stopped,
    "restart": _restarted,
    "settings": _applied,
}

"""Move instances from state to state.

The web writes wishes and the control loop moves instances, and neither may assume it is
alone. So a move always names the state it starts from, and loses quietly when that is gone.
"""

from typing import Any

from django.utils import timezone

from instances.models import Instance
from instances.states import MOVES, Status


class IllegalMove(Exception):
    """A move that no instance makes: a mistake of ours, never of a person."""

    def __init__(self, here: Status, to: Status) -> None:
        super().__init__(f"An instance can't go from {here} to {to}.")


def move(instance: Instance, *, to: Status, **facts: Any) -> bool:
    """Move the instance on, or return False when somebody else was faster.

    ``facts`` are columns that are true from the move on and are written with it.
    """
    here = Status(instance.status)
    if to not in MOVES[here]:
        raise IllegalMove(here, to)
    return _write(instance, {**facts, "status": to, "status_at": timezone.now()})


def note(instance: Instance, **facts: Any) -> bool:
    """Write what is known of the instance, or return False when it has moved meanwhile."""
    return _write(instance, facts)


def _write(instance: Instance, facts: dict[str, Any]) -> bool:
    # This UPDATE is the lock: of two racing writers exactly one sees a changed row.
    here = Instance.objects.filter(pk=instance.pk, status=instance.status)
    if here.update(**facts) == 0:
        return False
    for name, value in facts.items():
        setattr(instance, name, value)
    return True

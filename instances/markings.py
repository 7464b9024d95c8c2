"""Write what the control loop knows into the instance's row, and announce it."""

from typing import Any

from instances import live, moves
from instances.models import Instance
from instances.states import Health, Status
from instances.steps import (
    ApplyAcl,
    ApplySettings,
    Deed,
    Destroy,
    Mark,
    MarkCrashed,
    MarkFailed,
    Marking,
    MarkSettings,
    Start,
    Stop,
)


def write(instance: Instance, marking: Marking) -> bool:
    """Write a marking; False when somebody has moved the instance meanwhile."""
    match marking:
        case Mark(status, health, detail):
            return _set(instance, status, health=health, status_detail=detail, next_try_at=None)
        case MarkCrashed():
            return _set(
                instance,
                marking.status,
                health=Health.UNHEALTHY,
                status_detail=marking.detail,
                crashes=marking.crashes,
                crashes_since=marking.crashes_since,
                next_try_at=marking.next_try_at,
            )
        case MarkFailed(detail, next_try_at):
            return _set(
                instance,
                Status(instance.status),
                health=Health.UNHEALTHY,
                status_detail=detail,
                next_try_at=next_try_at,
            )
        case MarkSettings(done=done, note=note, failures=failures, try_at=try_at):
            return _set(
                instance,
                Status(instance.status),
                settings_done=done,
                settings_note=note,
                settings_failures=failures,
                settings_try_at=try_at,
            )


def begun(instance: Instance, deed: Deed) -> bool:
    """Write that a deed begins; False when somebody has moved the instance meanwhile."""
    match deed:
        case Start():
            # This start serves every restart that was asked for until now.
            restart_done = instance.restart_wish
            return _set(instance, Status.CREATING, restart_done=restart_done, next_try_at=None)
        case Stop():
            return _set(instance, Status.STOPPING, health=Health.UNKNOWN, status_detail="")
        case Destroy():
            return _set(instance, Status.DELETING, health=Health.UNKNOWN, status_detail="")
        case ApplyAcl() | ApplySettings():
            return True


def _set(instance: Instance, to: Status, **facts: Any) -> bool:
    if instance.status == to:
        is_mine = moves.note(instance, **facts)
    else:
        is_mine = moves.move(instance, to=to, **facts)
    if is_mine:
        live.announce(instance)
    return is_mine

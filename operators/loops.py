"""Who runs the control loop, and when each duty beside it came round last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from instances import duties
from instances.lease import CONTROLLER
from instances.models import Lease
from operators.machines import Machine

LATE_TURNS = 3
LEAST_PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """One duty."""

    name: str
    every_seconds: float
    at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Loops:
    holder: str
    """The controller that holds the lease; empty where none does."""
    expires_at: datetime | None
    takeovers: int
    turns: Sequence[Turn]


def loops(now: datetime, machines: Sequence[Machine]) -> Loops:
    """Read the lease; duties are told by the machine whose controller reported last."""
    lease = Lease.objects.filter(name=CONTROLLER).first()
    is_held = lease is not None and bool(lease.holder) and lease.expires_at > now
    told = (machines[0].host.duties if machines else None) or {}
    return Loops(
        holder=lease.holder if lease is not None and is_held else "",
        expires_at=lease.expires_at if lease is not None else None,
        takeovers=lease.fence if lease is not None else 0,
        turns=[_turn(duty, told.get(duty.name), now) for duty in duties.registered()],
    )


def _turn(duty: duties.Duty, told: str | None, now: datetime) -> Turn:
    at = datetime.fromisoformat(told) if told else None
    patience = max(LEAST_PATIENCE, timedelta(seconds=duty.every_seconds * LATE_TURNS))
    return Turn(duty.name, duty.every_seconds, at, is_late=at is None or now - at > patience)

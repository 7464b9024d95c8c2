"""Which instances need somebody, and which of all stand first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from instances import expiry
from instances.spec import EvictionPolicy
from instances.states import Health, Status
from overview.servers import Server

SHOWN = 10
NEARLY_FULL_PERCENT = 90


class Need(IntEnum):
    """Why somebody should look, the most urgent first."""

    FAILED = 0
    UNHEALTHY = 1
    NEARLY_FULL = 2
    HELD = 3
    EXPIRING = 4
    NOTHING = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """The instances that the overview shows, and of how many."""

    shown: Sequence[Server]
    count: int

    @property
    def left_out(self) -> int:
        return self.count - len(self.shown)


def need_of(server: Server, now: datetime) -> Need:
    line = server.line
    if line.status == Status.ERROR:
        return Need.FAILED
    if server.is_running and line.health == Health.UNHEALTHY:
        return Need.UNHEALTHY
    if is_nearly_full(server):
        return Need.NEARLY_FULL
    if server.is_held:
        return Need.HELD
    if expiry.warning(line.expires_at, now):
        return Need.EXPIRING
    return Need.NOTHING


def is_nearly_full(server: Server) -> bool:
    """Tell whether writes are about to be refused; a full cache does what it is for."""
    refuses = server.line.eviction_policy == EvictionPolicy.NOEVICTION
    return refuses and (server.percent or 0) >= NEARLY_FULL_PERCENT


def ranked(servers: Sequence[Server], now: datetime) -> Ranked:
    """Put those first that need somebody, then the busiest; equals stay in the order of names.

    Busy is who was so for an hour: a table that is sorted anew with each sample can't be read.
    """
    order = sorted(servers, key=lambda each: (need_of(each, now), -each.sum("commands")))
    return Ranked(order[:SHOWN], len(servers))

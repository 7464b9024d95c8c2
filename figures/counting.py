"""From what a server counts since its start to what happened between two looks.

The platform's own share is taken out: what it sent, what it got, and its commands.
"""

from dataclasses import dataclass

from figures.info import Info
from figures.points import CALLS_OF, MICROSECONDS_OF, Point
from instances.provisioners.own_traffic import Cost


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: when, what the server said, what was our own doing up to then."""

    at: float
    """Seconds of a clock that never goes back."""
    info: Info
    own: Cost
    own_connections: int
    """Connections that aren't people's: the platform's and those of the command API."""
    ping_us: int


def point(before: Seen | None, now: Seen) -> Point:
    """Give the sample; without a look before it, or after a reset, its counters cover no time."""
    found = {"n": 1, "ping_us": now.ping_us, **now.info.values}
    found["clients"] = max(0, now.info.connections - now.own_connections)
    if before is None or _was_reset(before.info, now.info):
        return found
    found["ms"] = round((now.at - before.at) * 1000)
    grown = _grown(before.info.counters, now.info.counters)
    _without_own(grown, before.own, now.own)
    return found | {name: number for name, number in grown.items() if number > 0}


def _was_reset(before: Info, now: Info) -> bool:
    """Tell a server that was started anew, and one whose counters were set to nought."""
    if before.run_id != now.run_id:
        return True
    return any(now.counters[name] < before.counters[name] for name in ("commands", "bytes_in"))


def _grown(before: Point, now: Point) -> Point:
    return {name: number - before.get(name, 0) for name, number in now.items()}


def _without_own(grown: Point, before: Cost, now: Cost) -> None:
    """Take our share out. What is told too late, or early, is left in ``now`` for the next look."""
    grown["bytes_in"] -= now.bytes_in - before.bytes_in
    grown["bytes_out"] -= now.bytes_out - before.bytes_out
    now.bytes_in += min(0, grown["bytes_in"])
    now.bytes_out += min(0, grown["bytes_out"])
    for command, calls in now.commands.items():
        everybodys = grown.get(CALLS_OF + command, 0)
        own = min(calls - before.commands[command], everybodys)
        now.commands[command] = before.commands[command] + own
        grown["commands"] -= own
        if own and everybodys:
            rest = everybodys - own
            grown[CALLS_OF + command] = rest
            # The server keeps one sum for all who call; ours are like everybody's.
            microseconds = MICROSECONDS_OF + command
            grown[microseconds] = grown[microseconds] * rest // everybodys

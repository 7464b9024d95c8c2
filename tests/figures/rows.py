"""Figures as if they had been sampled, for tests that look at them."""

from figures import store
from figures.levels import RAW
from figures.points import Point
from figures.store import Stretch
from instances.models import Instance

QUIET: Point = {"n": 1, "ms": 10_000, "used": 1_000_000, "rss": 2_000_000, "limit": 4_000_000}


def busy(commands: int = 100) -> Point:
    """Give a sample of ten seconds in which this many GET ran."""
    return {
        **QUIET,
        "commands": commands,
        "calls:get": commands,
        "usec:get": commands * 5,
        "hits": commands * 3 // 4,
        "misses": commands - commands * 3 // 4,
        "clients": 3,
        "keys": 7,
        "keys:db0": 7,
        "ping_us": 40,
    }


def write(instance: Instance, samples: dict[int, Point]) -> None:
    """Write raw samples by their moments."""
    chunks: dict[int, Stretch] = {}
    for at, point in samples.items():
        start = RAW.start_of(at)
        chunk = chunks.setdefault(start, Stretch(instance.pk, RAW, start))
        chunk.points[RAW.place_of(at)] = point
    store.write(list(chunks.values()), fence=1)


def write_last(instance: Instance, now: float, *, seconds: int = 120) -> None:
    """Write samples of the last seconds."""
    until = int(now) - int(now) % RAW.step
    write(instance, {at: busy() for at in range(until - seconds, until + 1, RAW.step)})

"""What a sampler would have written: the days and nights of servers."""

import math
import time
from collections.abc import Iterable

from figures import store
from figures.levels import HOURS, MINUTES, RAW, TENS, Level
from figures.points import Point
from figures.store import Stretch
from instances.models import Instance
from redisgate.lib.units import MEGABYTE

FENCE = 1000
AHEAD_SECONDS = 1800
"""Nobody samples while pictures are taken, so some samples are of times to come."""
DAY = 86_400
COMMANDS = (
    ("get", 0.62, 4),
    ("set", 0.2, 6),
    ("hgetall", 0.08, 11),
    ("incr", 0.07, 5),
    ("zadd", 0.03, 9),
)


def full_past(instance: Instance) -> None:
    """Write what ninety days leave behind."""
    _write(instance, ((MINUTES, 7 * DAY), (TENS, 30 * DAY), (HOURS, 90 * DAY), (RAW, 7200)))


def last_hours(instances: Iterable[Instance]) -> None:
    """Write what the first looks on a page need: now, and a line of the last day."""
    for instance in instances:
        _write(instance, ((RAW, 900), (MINUTES, 7200), (TENS, DAY)))


def _write(instance: Instance, lengths: Iterable[tuple[Level, int]]) -> None:
    now = int(time.time())
    chunks = []
    for level, seconds in lengths:
        chunks += _chunks(instance, level, now - seconds, now + AHEAD_SECONDS)
    store.write(chunks, fence=FENCE)


def _chunks(instance: Instance, level: Level, since: int, until: int) -> list[Stretch]:
    found: dict[int, Stretch] = {}
    for at in range(since - since % level.step, until, level.step):
        start = level.start_of(at)
        # What is not yet over is in no coarser level.
        is_over = start + level.span < time.time()
        known = Stretch(instance.pk, level, start, is_rolled_up=level is RAW and is_over)
        chunk = found.setdefault(start, known)
        chunk.points[level.place_of(at)] = _point(instance, level.step, at)
    return list(found.values())


def _point(instance: Instance, step: int, at: int) -> Point:
    """Make up a sample: busier by day, a peak every hour, and memory that fills in a week."""
    seed = instance.pk.int % 97
    load, wave = _load(at, seed)
    commands = int(step * (20 + 4 * seed) * load)
    return {
        "n": max(1, step // RAW.step),
        "ms": step * 1000,
        "clients": 4 + int(9 * load),
        "ping_us": 38 + int(30 * load),
        **_memory(instance.memory_mb * MEGABYTE, _filling(at, seed)),
        **_traffic(commands, hit_rate=0.9 + wave / 3),
    }


def _load(at: int, seed: int) -> tuple[float, float]:
    """Say how busy a server is, of one, and by how much it is off the time of day."""
    day = 0.55 + 0.4 * math.sin((at % DAY) / DAY * 2 * math.pi - 2)
    wave = 0.12 * math.sin(at / 700 + seed) + 0.06 * math.sin(at / 97 + seed)
    return max(0.02, day + wave), wave


def _filling(at: int, seed: int) -> float:
    return 0.35 + 0.5 * ((at + seed * 9000) % (7 * DAY)) / (7 * DAY)


def _memory(limit: int, filling: float) -> Point:
    keys = int(40_000 * filling)
    return {
        "used": int(limit * filling),
        "rss": int(limit * filling * 1.12),
        "peak": int(limit * filling * 1.05),
        "limit": limit,
        "keys": keys,
        "keys:db0": keys,
        "expiring": keys // 3,
    }


def _traffic(commands: int, hit_rate: float) -> Point:
    reads = int(commands * 0.7)
    hits = int(commands * 0.7 * hit_rate)
    point: Point = {
        "commands": commands,
        "hits": hits,
        "misses": max(0, reads - hits),
        "bytes_in": commands * 74,
        "bytes_out": commands * 212,
        "expired": commands // 90,
        "cpu_user_us": commands * 9,
        "cpu_sys_us": commands * 4,
    }
    for name, share, microseconds in COMMANDS:
        point[f"calls:{name}"] = int(commands * share)
        point[f"usec:{name}"] = int(commands * share * microseconds)
    return point

"""What it costs to look at many servers every ten seconds, and how much room that takes.

A few real servers stand for many: each is asked under many names, as often as so many would be.
Import it once Django is set up, in an environment that names a running platform.
"""

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from audit.actors import SYSTEM
from figures import rolling, store
from figures.addresses import addresses_of
from figures.conversation import Address
from figures.duty import TURN_SECONDS, WRITE_SECONDS
from figures.levels import DAY, LEVELS, RAW
from figures.models import Chunk
from figures.points import Point
from figures.sampler import Sampler
from figures.store import Stretch
from instances import services
from instances.models import Instance
from instances.states import Status
from orgs.models import Organization
from quotas import services as quotas
from tests.waiting import wait_until

INSTANCES = 500
SERVERS = 10
FIRST_SECONDS = 5
SECONDS = 30
FENCE = 2**40
"""Later than any real lease, because this sampler writes beside the platform's own."""
COMMANDS = ("get", "set", "del", "incr", "expire", "hget", "hset", "lpush", "rpop", "zadd", "eval")


def measure() -> dict[str, float]:
    """Give shares of one core for so many instances, and bytes for one."""
    with _servers() as addresses, TemporaryDirectory(dir="/tmp") as directory:
        samples, busy = _sample(names := _many(addresses, Path(directory)))
    try:
        rolled = _roll_up(list(names))
        with transaction.atomic():
            day = _day()
            transaction.set_rollback(True)  # the platform prunes what has no instance
    finally:
        Chunk.objects.filter(fence=FENCE).delete()
    return {
        "figures_instances": INSTANCES,
        "figures_samples_a_second": samples / SECONDS,
        "figures_sampling_core_share": busy / SECONDS,
        "figures_roll_up_core_share": rolled / RAW.span,
        **day,
    }


def _many(addresses: list[Address], directory: Path) -> dict[UUID, Address]:
    """Give each server many paths, since by its path the sampler tells one from another."""
    names = {}
    for number in range(INSTANCES):
        address, path = addresses[number % SERVERS], directory / f"{number}.sock"
        path.symlink_to(address.socket_path)
        names[uuid4()] = Address(str(path), address.password)
    return names


@contextmanager
def _servers() -> Iterator[list[Address]]:
    organization = Organization.objects.get()
    quotas.set_limits(SYSTEM, organization, instances=SERVERS + 10, memory_mb=64 * (SERVERS + 10))
    made = [
        services.create(SYSTEM, organization, name=f"figures {n}", memory_mb=16, purpose="cache").pk
        for n in range(SERVERS)
    ]
    running = Instance.objects.filter(pk__in=made, status=Status.RUNNING)
    wait_until(lambda: running.count() == SERVERS, "all servers run", seconds=60)
    yield list(addresses_of(set(made)).values())
    for instance in Instance.objects.filter(pk__in=made):
        services.delete(SYSTEM, instance)


def _sample(names: dict[UUID, Address]) -> tuple[int, float]:
    """Sample as the duty does; give the samples that came and the seconds of processor time."""
    sampler = Sampler(FENCE, clock=time.time)
    sampler.watch(set(names), lambda wanted: {name: names[name] for name in wanted})
    _go_on(sampler, FIRST_SECONDS)  # all are due at once in the beginning
    before, began = _samples_of(names), time.process_time()
    _go_on(sampler, SECONDS)
    busy = time.process_time() - began
    sampler.close()
    return _samples_of(names) - before, busy


def _go_on(sampler: Sampler, seconds: float) -> None:
    end, written_at = time.monotonic() + seconds, 0.0
    while (now := time.monotonic()) < end:
        sampler.turn(TURN_SECONDS)
        if now - written_at >= WRITE_SECONDS:
            sampler.write()
            written_at = now
        time.sleep(max(0.0, now + TURN_SECONDS - time.monotonic()))
    sampler.write()


def _samples_of(names: Iterable[UUID]) -> int:
    chunks = Chunk.objects.filter(instance_id__in=list(names))
    return sum(len(store.stretch_of(chunk, RAW).points) for chunk in chunks)


def _roll_up(names: list[UUID]) -> float:
    """Roll up five minutes of everybody; give the seconds of processor time."""
    Chunk.objects.filter(fence=FENCE).delete()
    start = RAW.start_of(int(time.time()) - 3600)
    points = {place: _busy_point() for place in range(RAW.span // RAW.step)}
    store.write([Stretch(name, RAW, start, points) for name in names], fence=FENCE)
    began = time.process_time()
    while rolling.roll_up(int(time.time()), fence=FENCE):
        pass
    return time.process_time() - began


def _day() -> dict[str, float]:
    """Keep a day of one busy instance, and say how many bytes and rows that is."""
    instance_id, end = uuid4(), RAW.start_of(int(time.time()) - 3600)
    for start in range(end - DAY, end, RAW.span):
        points = {place: _busy_point() for place in range(RAW.span // RAW.step)}
        store.write([Stretch(instance_id, RAW, start, points)], fence=FENCE)
    while rolling.roll_up(int(time.time()), fence=FENCE):
        pass
    kept = Chunk.objects.filter(instance_id=instance_id).values_list("step")
    sizes = dict(kept.annotate(size=Sum(Length("points"))).values_list("step", "size"))
    a_day = sum(sizes.values())
    in_the_end = sum(sizes[level.step] * level.keep / DAY for level in LEVELS)
    return {
        "figures_bytes_a_day": a_day,
        "figures_bytes_of_90_days": in_the_end,
        "figures_raw_bytes_a_sample": sizes[RAW.step] * RAW.step / DAY,
    }


def _busy_point() -> Point:
    """Make up a sample of an instance with much and ever different traffic."""
    some = random.randrange  # no secret
    point = {
        "n": 1,
        "ms": 10_000 + some(-20, 20),
        "used": 12_000_000 + some(1_000_000),
        "rss": 16_000_000 + some(1_000_000),
        "peak": 14_000_000,
        "limit": 16_777_216,
        "clients": 10 + some(5),
        "keys": 50_000 + some(1000),
        "keys:db0": 50_000 + some(1000),
        "expiring": 20_000 + some(500),
        "ping_us": 40 + some(60),
    }
    for name, most in (("commands", 9000), ("hits", 4000), ("misses", 900), ("expired", 90)):
        point[name] = some(most)
    for name in ("bytes_in", "bytes_out", "cpu_sys_us", "cpu_user_us"):
        point[name] = some(2_000_000)
    for command in COMMANDS:
        point[f"calls:{command}"] = some(1000)
        point[f"usec:{command}"] = some(5000)
    return point

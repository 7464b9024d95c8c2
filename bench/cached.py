"""What the cache spares in a replayed day: ``python -m bench.cached [instances]``.

It needs a database that ``bench.pages`` has filled (DATABASE_URL), and starts a Redis of its own. A
team of twelve and the screen on their wall look at the overview and at usage, and change things.
The clock by which kept things grow old is a simulated one; everything else is real, and each look
does what the page does for its statistics. Without the cache the same day is replayed with a
twentieth of the looks at the overview, and nothing that a process remembers by itself.
Times are this process's own processor time, to which neighbours don't add.
"""

import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from orgs.models import Organization

INSTANCES = 60
PEOPLE, VISITS, STAY_MINUTES = 12, 5, 6.0
POLL_SECONDS = 10.0
CHANGES, LOOKS_AFTER_A_CHANGE = 60, 2
HOUR = 3600.0
DAY_BEGINS, DAY_ENDS = 9 * HOUR, 18 * HOUR
THINNED = 20


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Somebody looks at a page, or changes something."""

    at: float
    kind: str


class Clock:
    """The simulated time, for the cache alone."""

    now = 1_000_000_000.0

    def time(self) -> float:
        return self.now

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


def day() -> list[Event]:
    """Make up a day of a team."""
    chance = random.Random(7)  # noqa: S311
    seen = [(7 * HOUR, 19 * HOUR)]  # the screen on the wall
    for _ in range(PEOPLE * VISITS):
        begin = chance.uniform(DAY_BEGINS, DAY_ENDS)
        seen.append((begin, begin + 60 * chance.lognormvariate(0, 0.8) * STAY_MINUTES))
    changed = sorted(chance.uniform(DAY_BEGINS, DAY_ENDS) for _ in range(CHANGES))
    events = [Event(at, "change") for at in changed]
    for begin, end in seen:
        polls = range(int((end - begin) / POLL_SECONDS) + 1)
        events += [Event(begin + each * POLL_SECONDS, "overview") for each in polls]
        # An open page is told of each change, and looks at once.
        told = [at for at in changed if begin <= at < end] * LOOKS_AFTER_A_CHANGE
        events += [Event(at + chance.uniform(0.1, 2), "overview") for at in told]
    for _ in range(PEOPLE):
        begin = chance.uniform(DAY_BEGINS, DAY_ENDS)
        events += [Event(begin + 20 * each, "usage") for each in range(3)]
        events.append(Event(begin + 30, "usage of last month"))
    return sorted(events)


def main() -> None:
    django.setup()
    from django.conf import settings

    from orgs.models import Organization
    from overview import remembering
    from redisgate.lib import cache

    remembering.MANY = sys.maxsize
    count = int(sys.argv[1]) if len(sys.argv) > 1 else INSTANCES
    looks = _looks(Organization.objects.get(), count)
    events = day()
    settings.CACHE_REDIS = False
    clock = Clock()
    without = _replayed(_thinned(events), looks, clock)
    with _redis():
        vars(cache)["time"] = clock
        took = _replayed(events, looks, clock)
    _say_times(without, took)
    _say_hits(cache.requests)


def _looks(organization: "Organization", count: int) -> Mapping[str, Callable[[], object]]:
    from uuid import uuid4

    from django.utils import timezone

    from audit import services as audit
    from audit.actions import Action
    from audit.actors import SYSTEM
    from instances.models import Instance
    from metering import keeping
    from metering.months import Month
    from overview import facts, hour

    ids = list(Instance.objects.order_by("name").values_list("pk", flat=True)[:count])
    now = timezone.now()
    month = Month.of(now)

    def overview() -> None:
        hour.of(organization.pk, ids)
        facts.long_lines(organization, ids[: count // 2])

    def usage(asked: Month) -> None:
        keeping.counted(organization, asked, now=now)
        keeping.written_sums(organization, month.plus(-11))

    def change() -> None:
        what = {"organization_id": organization.pk, "object_id": uuid4(), "object_label": "cache"}
        audit.record(SYSTEM, Action.INSTANCE_RESIZE, **what, changes={})  # type: ignore[arg-type]

    return {
        "overview": overview,
        "usage": lambda: usage(month),
        "usage of last month": lambda: usage(month.previous),
        "change": change,
    }


@contextmanager
def _redis() -> Iterator[None]:
    from django.conf import settings

    from redisgate.lib import platform_redis
    from tests.gateway.parts import platform_url, running_server

    with running_server() as server:
        settings.REDIS_URL, settings.CACHE_REDIS = platform_url(server), True
        platform_redis.blocking.cache_clear()
        yield
        platform_redis.blocking().close()


def _thinned(events: Sequence[Event]) -> Sequence[Event]:
    """Leave out most looks of the kind that takes minutes without the cache."""
    often = [event for event in events if event.kind == "overview"]
    left = set(often[::THINNED])
    return [event for event in events if event.kind != "overview" or event in left]


def _milliseconds(look: Callable[[], object]) -> float:
    began = time.process_time()
    look()
    return (time.process_time() - began) * 1000


def _replayed(
    events: Sequence[Event], looks: Mapping[str, Callable[[], object]], clock: Clock
) -> Mapping[str, Sequence[float]]:
    began = clock.now
    took: dict[str, list[float]] = {kind: [] for kind in looks}
    for event in events:
        clock.now = began + event.at
        took[event.kind].append(_milliseconds(looks[event.kind]))
    return took


def _say_times(without: Mapping[str, Sequence[float]], took: Mapping[str, Sequence[float]]) -> None:
    for kind, times in took.items():
        if kind == "change":
            continue
        former, mean = statistics.mean(without[kind]), statistics.mean(times)
        sys.stdout.write(
            f"{kind:<22}{len(times):>7,} looks  without {former:7.1f} ms  "
            f"mean {mean:6.2f} ms  median {statistics.median(times):6.2f} ms  "
            f"{former / mean:5.1f} x\n"
        )


def _say_hits(requests: Counter[tuple[str, str]]) -> None:
    for name in sorted({name for name, _ in requests}):
        asked = sum(number for (each, _), number in requests.items() if each == name)
        _say_ratio(name, asked, requests[name, "hit"])
    hits = sum(number for (_, outcome), number in requests.items() if outcome == "hit")
    _say_ratio("all", requests.total(), hits)


def _say_ratio(name: str, asked: int, hits: int) -> None:
    sys.stdout.write(f"{name:<22}{asked:>7,} asked  {hits / asked:6.1%} hits\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()

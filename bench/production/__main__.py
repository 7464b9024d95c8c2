"""Run the platform in earnest and say how it went: ``python -m bench.production --minutes 10``.

It takes Debian's packages postgresql, redis-server and prometheus. Everything listens on this
machine alone and ends with the run.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.production import outages, peers, report, setting, site, traffic
from bench.production.ledger import Ledger
from bench.production.outages import Course
from bench.production.peers import Peer

WARM_UP_SECONDS = 15
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Surroundings:
    postgres: Peer
    redis: Peer
    mail: Peer
    site: site.Site
    prometheus_address: str


@dataclass(frozen=True, slots=True)
class Seen:
    """``whole`` are the seconds with all in place; the weights are from their ends."""

    ledger: Ledger
    whole: range
    before: setting.Weights
    after: setting.Weights
    courses: list[Course]
    http: traffic.Counting
    native: traffic.Counting


def main() -> None:
    options = _parser().parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="rg-prod-", dir="/tmp") as home,
        _around(Path(home), options.workers) as around,
    ):
        stage = setting.prepare(around.site, options.instances)
        seen = asyncio.run(_run(around, stage, options))
        for line in _lines(around, stage, seen):
            say(line)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.production", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of load with all in place")
    parser.add_argument("--away", type=float, default=30, help="seconds of each outage; 0 for none")
    parser.add_argument("--workers", type=int, default=4, help="web processes")
    parser.add_argument("--instances", type=int, default=20)
    return parser


@contextlib.contextmanager
def _around(home: Path, workers: int) -> Iterator[Surroundings]:
    home.chmod(0o755)
    postgres, database_url = peers.postgres(home / "postgres")
    redis, redis_url = peers.platform_redis(home / "redis")
    mail, mail_url = peers.mail_server(home / "mail")
    with contextlib.ExitStack() as stack:
        for peer in (postgres, redis, mail):
            stack.callback(peer.stop)
            peer.start()
        addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "EMAIL_URL": mail_url}
        running = stack.enter_context(site.running(home, workers, **addresses))
        configuration = setting.prometheus_configuration(home, running)
        prometheus, address = peers.prometheus(home / "prometheus", configuration)
        stack.callback(prometheus.stop)
        prometheus.start()
        yield Surroundings(postgres, redis, mail, running, address)


async def _run(around: Surroundings, stage: setting.Setting, options: argparse.Namespace) -> Seen:
    http, native = traffic.Counting(), traffic.Counting()
    load = traffic.Traffic(setting.clients(around.site, stage, http, native))
    load.start()
    await asyncio.sleep(WARM_UP_SECONDS)
    began, before = int(time.monotonic()), setting.weights(around.site)
    say(f"measuring for {options.minutes:g} minutes …")
    await asyncio.sleep(options.minutes * 60)
    whole, after = range(began, int(time.monotonic())), setting.weights(around.site)
    courses = await _outages(around, stage, load, options.away)
    await load.stop()
    return Seen(load.ledger, whole, before, after, courses, http, native)


def _lines(around: Surroundings, stage: setting.Setting, seen: Seen) -> Iterator[str]:
    yield from ("## With all in place", "", *report.load(seen.ledger, seen.whole), "")
    yield from ("## Weights", "", *report.weights(seen.before, seen.after), "")
    if seen.courses:
        yield from ("## Away for a while", "", *report.outages(seen.ledger, seen.courses), "")
        yield from (*report.reasons(seen.ledger, seen.courses), "")
    yield from ("## Counted", "")
    yield from setting.counted_lines(around.site, stage, seen.http, seen.native)
    yield from ("", "## Alerts that were pending or fired", "")
    yield from _alerts(around.prometheus_address)


async def _outages(
    around: Surroundings, stage: setting.Setting, load: traffic.Traffic, seconds: float
) -> list[Course]:
    if not seconds:
        return []
    courses = []
    for outage in outages.all_of(around.postgres, around.redis, around.mail, stage.second_pid):
        say(f"{outage.name} for {seconds:g} s …")
        courses.append(await outages.endure(outage, load.ledger, seconds))
    return courses


def _alerts(prometheus: str) -> list[str]:
    """Name what was pending or firing at any time."""
    query = urllib.parse.urlencode({"query": "max_over_time(ALERTS{}[1h])"})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query?{query}") as response:  # noqa: S310
        found: dict[str, Any] = json.load(response)
    states = {
        (series["metric"]["alertname"], series["metric"]["alertstate"])
        for series in found["data"]["result"]
    }
    return [f"- {name}: {state}" for name, state in sorted(states)] or ["- none"]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

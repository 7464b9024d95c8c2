"""Measure a platform of its own on this machine: ``make bench``.

Absolute figures depend on the machine, so requests are given as a share of what
redis-benchmark reaches against the very same server in the same minute.
"""

import os
import statistics
import sys

from bench import creation, requests, starting
from tests import platform

ROUNDS = 20
STARTS = 5


def main() -> None:
    starts = starting.measure(STARTS)
    say(f"start to ready, median      {statistics.median(starts) * 1000:8.0f} ms")
    with platform.directory() as data_dir, platform.running(data_dir) as running:
        kit = running.quickstart("--rate-limit", "100000")
        os.environ.update(running.environment, DJANGO_SETTINGS_MODULE="redisgate.settings")
        times = creation.measure(ROUNDS)
        say(f"create to first PONG, p50   {statistics.median(times) * 1000:8.0f} ms")
        say(f"create to first PONG, p95   {sorted(times)[int(ROUNDS * 0.95) - 1] * 1000:8.0f} ms")
        missing = requests.missing_programs()
        if missing:
            say(f"requests: not measured, {' and '.join(missing)} are missing")
            return
        straight = requests.straight(kit["redis_url"])
        over_http = requests.over_http(kit["url"], kit["token"])
        say(f"SET straight to the server  {straight:8.0f} /s  (redis-benchmark, 64 connections)")
        say(f"SET over HTTP               {over_http:8.0f} /s  (wrk, 64 connections)")
        say(f"share                       {over_http / straight:8.1%}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()

"""How long a job waits until a worker begins it, and how many a worker does in a second.

`python -m bench.jobs` starts a platform with Redis and one without, each on the database that
DATABASE_URL names or on SQLite, and asks each from a process beside it.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import django

from tests import platform
from tests.waiting import wait_until

WAYS = {"with Redis": "true", "without Redis": "false"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--backlog", type=int, default=500)
    parser.add_argument("--inside", action="store_true", help="ask the platform of the environment")
    options = parser.parse_args()
    if options.inside:
        django.setup()
        print(json.dumps(measure(options.rounds, options.backlog)))  # noqa: T201
        return
    for way, switch in WAYS.items():
        print(way, _asked(switch, options))  # noqa: T201


def _asked(switch: str, options: argparse.Namespace) -> str:
    address = os.environ.get("DATABASE_URL")
    named = {"DATABASE_URL": address} if address else {}
    with (
        platform.directory() as data_dir,
        platform.running(data_dir, ports=named, JOB_QUEUE_REDIS=switch) as running,
    ):
        command = [sys.executable, "-m", "bench.jobs", "--inside"]
        numbers = ["--rounds", str(options.rounds), "--backlog", str(options.backlog)]
        environment = {**running.environment, "DJANGO_SETTINGS_MODULE": "redisgate.settings"}
        done = subprocess.run(  # noqa: S603  the command is our own
            [*command, *numbers], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


def measure(rounds: int, backlog: int) -> dict[str, float]:
    """Give milliseconds from a commit to the beginning, one job at a time, and jobs a second."""
    from accounts.failed_attempts import note_wrong_password
    from redisgate.lib import crypto

    sealed = crypto.encrypt(json.dumps({"login": "nobody@example.com"}))

    def enqueue() -> None:
        note_wrong_password.enqueue(sealed)

    waits = sorted(_wait_of(enqueue) for _ in range(rounds))
    return {
        "median_ms": round(statistics.median(waits), 1),
        "p95_ms": round(waits[int(len(waits) * 0.95)], 1),
        "most_ms": round(waits[-1], 1),
        "jobs_a_second": round(backlog / _seconds_of(enqueue, backlog), 1),
    }


def _wait_of(enqueue: Callable[[], None]) -> float:
    """Enqueue at a moment that nobody can foresee, and say how long it took."""
    from django_tasks_db.models import DBTaskResult

    time.sleep(random.uniform(0.2, 1.2))  # noqa: S311  no secret
    enqueue()
    job = DBTaskResult.objects.latest("enqueued_at")
    wait_until(lambda: DBTaskResult.objects.get(pk=job.pk).finished_at)
    job.refresh_from_db()
    assert job.started_at is not None
    return (job.started_at - job.enqueued_at).total_seconds() * 1000


def _seconds_of(enqueue: Callable[[], None], backlog: int) -> float:
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    begin = time.perf_counter()
    with transaction.atomic():
        for _ in range(backlog):
            enqueue()
    wait_until(lambda: not DBTaskResult.objects.filter(finished_at=None).exists(), seconds=600)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()

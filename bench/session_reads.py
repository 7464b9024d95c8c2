"""What it takes to read a session: ``python -m bench.session_reads``.

From the database of DATABASE_URL, and from a copy in a Redis of its own. Among 10,000 sessions, by
one thread and by eight; milliseconds by the clock.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import django

SESSIONS, READS = 10_000, 2000
THREADS = 8
ME = "session reads"


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from redisgate.lib import platform_redis
    from tests.gateway.parts import platform_url, running_server

    call_command("migrate", verbosity=0)
    keys = _sessions()
    settings.SESSION_STORE_REDIS = False
    _measure("database", keys)
    with running_server() as server:
        settings.REDIS_URL, settings.SESSION_STORE_REDIS = platform_url(server), True
        platform_redis.blocking.cache_clear()
        for key in keys:
            _read(key)  # makes the copy
        _measure("Redis", keys)
        platform_redis.blocking().close()
    _forget()


def _sessions() -> list[str]:
    """Insert sessions as large as those of people who are logged in."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from accounts.session_store import SessionStore

    until = timezone.now() + timedelta(days=14)
    values = {"_auth_user_id": "0" * 36, "_auth_user_hash": "f" * 64, "made_for": ME}
    data = SessionStore().encode({**values, "account_authentication_methods": [{"at": 1.5}] * 2})
    keys = [f"bench{number:027}" for number in range(SESSIONS)]
    Session.objects.bulk_create(
        [Session(session_key=key, session_data=data, expire_date=until) for key in keys],
        ignore_conflicts=True,
    )
    return keys


def _forget() -> None:
    from django.contrib.sessions.models import Session

    Session.objects.filter(session_key__startswith="bench0").delete()


def _read(key: str) -> float:
    from accounts.session_store import SessionStore

    began = time.perf_counter()
    assert SessionStore(key)["made_for"] == ME
    return (time.perf_counter() - began) * 1000


def _measure(where: str, keys: Sequence[str]) -> None:
    chosen = random.Random(7).choices(keys, k=READS)  # noqa: S311
    _say(f"{where}, one thread", [_read(key) for key in chosen])
    with ThreadPoolExecutor(THREADS) as threads:
        _say(f"{where}, {THREADS} threads", list(threads.map(_read, chosen)))


def _say(name: str, took: Sequence[float]) -> None:
    cuts = statistics.quantiles(took, n=100)
    sys.stdout.write(
        f"{name:<22} median {statistics.median(took):6.2f} ms  p95 {cuts[94]:6.2f} ms  "
        f"p99 {cuts[98]:6.2f} ms  most {max(took):6.2f} ms\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()

"""Several people at the same moment, each over a database connection of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from redisgate.lib.errors import RedisGateError, Unavailable


def at_once(calls: Sequence[Callable[[], object]]) -> list[bool]:
    """Call all of them at the same moment; say which were done and which were refused."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> bool:
        try:
            start.wait(timeout=30)
            call()
        except Unavailable:
            raise
        except RedisGateError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

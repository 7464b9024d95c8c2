"""Look-ups of names that people type, beside whoever waits: the system's resolver has no deadline.

A name whose servers don't answer holds its thread for as long as the resolver likes. So whoever
a look-up is for has few threads at a time, and one tenant's slow names leave the rest to others.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Condition
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

THREADS = 32
EACH_MAX = 2
"""Look-ups of one tenant at a time, those included for which nobody waits any more."""

_asker: ContextVar[str] = ContextVar("asker", default="")
_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="resolver")
_under_way: Counter[str] = Counter()
_changed = Condition()


@contextmanager
def on_behalf_of(tenant: str) -> Iterator[None]:
    """Count what is looked up meanwhile as this tenant's."""
    token = _asker.set(tenant)
    try:
        yield
    finally:
        _asker.reset(token)


def in_time(look_up: Callable[[], T], host: str, *, timeout_seconds: float) -> T:
    """Give what the look-up gives. Raises TimeoutError at the deadline.

    Who isn't named by `on_behalf_of` counts by the host.
    """
    who, deadline = _asker.get() or host, monotonic() + timeout_seconds
    with _changed:
        if not _changed.wait_for(lambda: _under_way[who] < EACH_MAX, timeout_seconds):
            raise TooLate
        _under_way[who] += 1
    asked = _threads.submit(look_up)
    asked.add_done_callback(lambda _: _leave(who))
    return asked.result(timeout=max(0.0, deadline - monotonic()))


def _leave(who: str) -> None:
    with _changed:
        _under_way[who] -= 1
        if not _under_way[who]:
            del _under_way[who]
        _changed.notify_all()

"""Who is told that this web process is about to end, before its connections are closed."""

import asyncio
from collections.abc import Callable
from weakref import WeakSet

_listeners: list[Callable[[], object]] = []
# A worker has one loop for its whole life; tests have many, one after another.
_leaving: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def register(listener: Callable[[], object]) -> None:
    """Call this when the end is near, on the loop and perhaps more than once."""
    _listeners.append(listener)


def announce() -> None:
    _leaving.add(asyncio.get_running_loop())
    for listener in _listeners:
        listener()


def is_announced() -> bool:
    """Tell whether the end of the running loop is near."""
    return asyncio.get_running_loop() in _leaving

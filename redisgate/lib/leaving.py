"""Who is told that this web process is about to end, before its connections are closed."""

from collections.abc import Callable

_listeners: list[Callable[[], object]] = []


def register(listener: Callable[[], object]) -> None:
    """Call this when the end is near, on the loop and perhaps more than once."""
    _listeners.append(listener)


def announce() -> None:
    for listener in _listeners:
        listener()

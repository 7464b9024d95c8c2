"""Wait for a condition with a deadline, instead of sleeping and hoping."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.01


def pause() -> None:
    time.sleep(PAUSE_SECONDS)


def wait_until(
    condition: Callable[[], object],
    what: str = "the condition",
    *,
    seconds: float = PATIENCE_SECONDS,
    log: Path | None = None,
    meanwhile: Callable[[], object] = pause,
) -> None:
    """Wait for a condition, and fail by its name, and with the log, when it never comes true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, _failure(what, seconds, log)
        meanwhile()


async def until(
    condition: Callable[[], object],
    what: str = "the condition",
    *,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Wait as `wait_until` does, while the event loop goes on."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, _failure(what, seconds, None)
        await asyncio.sleep(PAUSE_SECONDS)


def _failure(what: str, seconds: float, log: Path | None) -> str:
    return f"not within {seconds} s: {what}\n{log.read_text() if log else ''}"

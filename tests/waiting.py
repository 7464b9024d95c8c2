"""Wait for a condition with a deadline, instead of sleeping and hoping."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 90.0
"""Only a test that fails waits so long."""
PAUSE_SECONDS = 0.01
SAMPLE_SECONDS = 0.02


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
    began_at = time.monotonic()
    while not condition():
        assert in_time(began_at, seconds), _failure(what, seconds, log)
        meanwhile()


async def until(
    condition: Callable[[], object],
    what: str = "the condition",
    *,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Wait as `wait_until` does, while the event loop goes on."""
    began_at = time.monotonic()
    while not condition():
        assert in_time(began_at, seconds), _failure(what, seconds, None)
        await asyncio.sleep(PAUSE_SECONDS)


def in_time(began_at: float, seconds: float) -> bool:
    """Tell whether no more time has passed than what was promised takes here and now.

    A promise is one of a machine that has the time for it. Where others want the same
    processors, everything takes as much longer as they make it wait.
    """
    passed = time.monotonic() - began_at
    return passed < seconds or passed < seconds * _slowness()


def _slowness() -> float:
    """Say how many times longer than alone something takes on this machine now."""
    began_at, used = time.monotonic(), time.thread_time()
    while time.thread_time() - used < SAMPLE_SECONDS:
        pass
    waited = (time.monotonic() - began_at) / SAMPLE_SECONDS
    return max(1.0, waited, os.getloadavg()[0] / (os.cpu_count() or 1))


def _failure(what: str, seconds: float, log: Path | None) -> str:
    return f"not within {seconds} s: {what}\n{log.read_text() if log else ''}"

"""How the platform is, component by component.

Rooms above register what they know about themselves when Django starts, and are never imported
here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from observability.single_flight import SingleFlight
from redisgate.lib.statement_limit import limited

T = TypeVar("T")

TIMEOUT_SECONDS = 2.0
FRESH_SECONDS = 1.0


class Status(StrEnum):
    """``DOWN`` counts for the whole only where the component is vital."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class Unhealthy(Exception):
    """A component doesn't do its work. The text is public, so it holds no address or secret."""


@dataclass(frozen=True, slots=True)
class Component:
    """``check`` returns, or raises Unhealthy.

    ``is_vital`` means that nothing works without. One that ``asks`` another is asked only where
    that one answers: else it would be waited for, and no wiser.
    """

    name: str
    check: Callable[[], Awaitable[None]]
    is_vital: bool = False
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    status: Status
    latency_ms: float
    detail: str = ""


_components: dict[str, Component] = {}
_slow: set[str] = set()
"""Components that gave no answer in time when they were asked last."""

# Not the thread of a request: it would be waited for at the request's end, however long it hangs.
# There is one, so whoever hangs is asked once, and not again each second.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")


def register(component: Component) -> None:
    _components[component.name] = component


async def in_thread(ask: Callable[[], T]) -> T:
    """Run what blocks where nobody but checks waits for it."""
    return await asyncio.get_running_loop().run_in_executor(_thread, ask)


async def query(ask: Callable[[], T]) -> T:
    """Run what asks the database by the pool, and have it give up what nobody waits for."""

    def ask_in_time() -> T:
        with limited(TIMEOUT_SECONDS):
            return ask()

    return await in_thread(ask_in_time)


async def findings() -> dict[str, Finding]:
    """Check every component at once; an answer serves everybody who asks within a second."""
    return await _findings.get()


async def _look() -> dict[str, Finding]:
    first = [each for each in _components.values() if not each.asks]
    known = dict(
        zip((each.name for each in first), await asyncio.gather(*map(_find, first)), strict=True)
    )
    later = [each for each in _components.values() if each.asks]
    found = await asyncio.gather(*(_find_unless_away(each, known) for each in later))
    known |= zip((each.name for each in later), found, strict=True)
    return {name: known[name] for name in _components}


async def _find_unless_away(component: Component, known: dict[str, Finding]) -> Finding:
    asked = known.get(component.asks)
    if asked is None or asked.status is not Status.DOWN:
        return await _find(component)
    return Finding(Status.DOWN, 0.0, f"Nobody knows: the {component.asks} doesn't answer.")


_findings = SingleFlight(_look, fresh_seconds=FRESH_SECONDS)
forget = _findings.forget


def overall(found: dict[str, Finding]) -> Status:
    """Down with a vital component, degraded with any other, or while one is slow."""
    if any(_fatal(found)):
        return Status.DOWN
    is_well = all(finding.status is Status.OK for finding in found.values())
    return Status.OK if is_well else Status.DEGRADED


def too_late() -> str:
    return f"No answer within {TIMEOUT_SECONDS:g} s."


def complaint(found: dict[str, Finding]) -> str:
    """Say what nothing works without, and doesn't do its work."""
    return " ".join(finding.detail for finding in _fatal(found))


def _fatal(found: dict[str, Finding]) -> Iterator[Finding]:
    for name, finding in found.items():
        component = _components.get(name)
        if finding.status is Status.DOWN and component is not None and component.is_vital:
            yield finding


def render(found: dict[str, Finding]) -> dict[str, Any]:
    return {name: _without_empty(asdict(finding)) for name, finding in found.items()}


async def _find(component: Component) -> Finding:
    begin = time.perf_counter()
    status, detail = Status.OK, ""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await component.check()
    except Unhealthy as reason:
        status, detail = Status.DOWN, str(reason)
    except TimeoutError:
        # A busy machine is late once, and to send everybody elsewhere for that would make the
        # others busier; what is away stays late.
        status = Status.DOWN if component.name in _slow else Status.DEGRADED
        detail = too_late()
        _slow.add(component.name)
    else:
        _slow.discard(component.name)
    latency_ms = round((time.perf_counter() - begin) * 1000, 1)
    return Finding(status, latency_ms, detail)


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != ""}

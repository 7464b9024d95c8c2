"""How the platform is, component by component.

Rooms above register what they know about themselves when Django starts, and are never imported
here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

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
    """``check`` returns, or raises Unhealthy; ``is_vital`` means that nothing works without."""

    name: str
    check: Callable[[], Awaitable[None]]
    is_vital: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    status: Status
    latency_ms: float
    detail: str = ""


_components: dict[str, Component] = {}
_last: tuple[float, dict[str, Finding]] | None = None


def register(component: Component) -> None:
    _components[component.name] = component


async def findings() -> dict[str, Finding]:
    """Check every component at once; an answer serves everybody who asks within a second."""
    global _last
    if _last is None or time.monotonic() - _last[0] > FRESH_SECONDS:
        found = await asyncio.gather(*(_find(component) for component in _components.values()))
        _last = (time.monotonic(), dict(zip(_components, found, strict=True)))
    return _last[1]


def overall(found: dict[str, Finding]) -> Status:
    """Down with a vital component, degraded with any other."""
    bad = {name for name, finding in found.items() if finding.status is Status.DOWN}
    if any(_components[name].is_vital for name in bad if name in _components):
        return Status.DOWN
    return Status.DEGRADED if bad else Status.OK


def render(found: dict[str, Finding]) -> dict[str, Any]:
    return {name: _without_empty(asdict(finding)) for name, finding in found.items()}


async def _find(component: Component) -> Finding:
    begin = time.perf_counter()
    detail = ""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await component.check()
    except Unhealthy as reason:
        detail = str(reason)
    except TimeoutError:
        detail = f"No answer within {TIMEOUT_SECONDS:g} s."
    latency_ms = round((time.perf_counter() - begin) * 1000, 1)
    return Finding(Status.DOWN if detail else Status.OK, latency_ms, detail)


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != ""}

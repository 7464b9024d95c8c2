"""Servers as values, for rules that need no database."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from figures.lines import Lines
from overview import hour
from overview.servers import Line, Server

MEGABYTE = 1024 * 1024
PER_HOUR = 60


def server(
    name: str = "sessions",
    *,
    used: Sequence[int | None] | None = None,
    limit: int = 100 * MEGABYTE,
    evicted: int = 0,
    commands: int = 0,
    is_held: bool = False,
    **columns: Any,
) -> Server:
    """Make a running store; ``used`` are its bytes in each minute of the last hour."""
    line = {
        "id": uuid4(),
        "name": name,
        "slug": name,
        "health": "healthy",
        "provisioner": "process",
        "status": "running",
        "wish": "running",
        "restart_wish": 0,
        "restart_done": 0,
        "acl_done": 1,
        "crashes": 0,
        "memory_mb": limit // MEGABYTE,
        "purpose": "store",
        "eviction_policy": "noeviction",
        "expires_at": None,
        "status_detail": "",
        "settings_wish": 0,
        "settings_done": 0,
        "settings_failures": 0,
        "settings_note": "",
        **columns,
    }
    figures = None if used is None else _figures(used, limit, evicted, commands)
    return Server(cast("Line", SimpleNamespace(**line)), figures, is_held)


def _figures(used: Sequence[int | None], limit: int, evicted: int, commands: int) -> Lines:
    slots: dict[str, list[int | None]] = {name: [0] * len(used) for name in (*hour.NAMES, "ms")}
    slots["used"] = list(used)
    totals = {"evicted": evicted, "commands": commands, "hits": 0, "misses": 0}
    newest = {"used": used[-1] or 0, "limit": limit, "commands": 10, "ms": 10_000}
    return Lines(slots, totals, newest=newest)


def growing(start: int, end: int) -> list[int | None]:
    """Give an hour of steady growth, in megabytes."""
    step = (end - start) * MEGABYTE / (PER_HOUR - 1)
    return [int(start * MEGABYTE + n * step) for n in range(PER_HOUR)]

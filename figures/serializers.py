"""Figures in the management API."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from figures import series
from figures.clients import Client, Connected
from figures.points import Point
from figures.slow_log import Entry
from figures.top_commands import Command
from figures.windows import Window


def of_window(window: Window) -> dict[str, Any]:
    return {"from": window.since, "to": window.until, "step": window.step}


def of_series(window: Window, points: Sequence[Point | None]) -> dict[str, Any]:
    """Give times once, and a list of as many values for each series."""
    return {
        **of_window(window),
        "times": list(window.times),
        "series": [
            {
                "name": each.name,
                "label": each.label,
                "unit": each.unit,
                "values": series.values(each, points),
            }
            for each in series.of(points)
        ],
    }


def of_commands(window: Window, commands: Sequence[Command]) -> dict[str, Any]:
    return {**of_window(window), "commands": [asdict(each) for each in commands]}


def of_slow_log(entries: Sequence[Entry]) -> dict[str, Any]:
    return {"entries": [asdict(each) for each in entries]}


def of_connected(connected: Connected) -> dict[str, Any]:
    return {
        "total": connected.total,
        "gateway_connections": connected.gateway_connections,
        "clients": [_of_client(each) for each in connected.clients],
    }


def _of_client(client: Client) -> dict[str, Any]:
    return {**asdict(client), "key": client.key or None}

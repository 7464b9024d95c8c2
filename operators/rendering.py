"""The overview in the form of the management API. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from operators.attention import concerns
from operators.largest import Consumer
from operators.loops import Loops
from operators.machines import Machine
from operators.overview import Overview
from operators.rates import Rate
from operators.spans import SPANS, Span
from operators.states import States

T = TypeVar("T")
DIGITS = 4


def rendered(seen: Overview, *, version: str) -> Mapping[str, Any]:
    """Write it as `operators.serializers` describes it."""
    return {
        "at": seen.at,
        "version": version,
        "concerns": [asdict(each) for each in concerns(seen)],
        "hosts": [_host(each) for each in seen.machines],
        "capacity": _capacity(seen),
        "instances": _instances(seen.states),
        "creations": _each_span(lambda span: _rate(seen.creations.rate(span))),
        "commands": _each_span(lambda span: _rate(seen.traffic.rate(span))),
        **_waits(seen),
        **_people(seen),
        "ranked_by": seen.ranked_by,
        "consumers": [_consumer(each) for each in seen.consumers],
        "controller": _controller(seen.loops),
        "mail": asdict(seen.jobs.mail),
        "jobs": asdict(seen.jobs.other),
    }


def _capacity(seen: Overview) -> dict[str, Any]:
    return {
        "memory_total_mb": seen.memory_total_mb,
        "memory_reserved_mb": seen.reserved_mb,
        "memory_used_mb": seen.memory_used_mb,
        "disk_total_mb": seen.disk_total_mb,
        "disk_used_mb": seen.disk_used_mb,
        "servers": seen.states.servers,
    }


def _instances(states: States) -> dict[str, Any]:
    return {
        "total": states.all,
        "by_status": {status.value: n for status, n in states.by_status.items()},
        "unhealthy": states.unhealthy,
        "troubled": [asdict(each) for each in states.troubled],
    }


def _waits(seen: Overview) -> dict[str, Any]:
    running, first = seen.creations.times, seen.first_commands
    return {
        "create_to_running": {
            "count": running.count,
            "p50_seconds": running.at(50),
            "p95_seconds": running.at(95),
        },
        "first_command": {
            "arrived": _rate(first.arrived),
            "median_seconds": first.times.at(50),
            "p90_seconds": first.times.at(90),
        },
    }


def _each_span(of: Callable[[Span], T]) -> dict[str, T]:
    return {f"last_{span.name}": of(span) for span in SPANS}


def _rate(rate: Rate) -> dict[str, Any]:
    ratio = None if rate.ratio is None else round(rate.ratio, DIGITS)
    return {"good": rate.good, "all": rate.all, "ratio": ratio}


def _host(machine: Machine) -> dict[str, Any]:
    host = machine.host
    return {
        "name": host.name,
        "seen_at": host.seen_at,
        "is_silent": machine.is_silent,
        "memory_total_mb": host.memory_total_mb,
        "memory_used_mb": machine.memory_used_mb,
        "memory_free_mb": host.memory_free_mb,
        "disk_total_mb": host.disk_total_mb,
        "disk_used_mb": machine.disk_used_mb,
        "disk_free_mb": host.disk_free_mb,
        "load": host.load,
        "processors": host.processors,
    }


def _people(seen: Overview) -> dict[str, Any]:
    days = seen.sign_ups.by_day.items()
    return {
        "sign_ups": [{"day": day, "people": number} for day, number in days],
        "people": seen.census.people,
        "organizations": seen.census.organizations,
        "suspended_organizations": seen.census.suspended,
        "active_organizations": _each_span(lambda span: seen.census.active[span.name]),
    }


def _consumer(each: Consumer) -> dict[str, Any]:
    return {
        "organization": each.id,
        "name": each.name,
        "memory_mb": each.memory_mb,
        "memory_limit_mb": each.memory_limit_mb,
        "requests": each.day.requests,
        "commands": each.day.commands,
        "errors": each.day.errors,
    }


def _controller(loops: Loops) -> dict[str, Any]:
    duties = [
        {
            "name": turn.name,
            "every_seconds": turn.every_seconds,
            "last_at": turn.at,
            "is_late": turn.is_late,
        }
        for turn in loops.turns
    ]
    return {"holder": loops.holder, "lease_expires_at": loops.expires_at, "duties": duties}

"""Instances in every state, and five hundred of them; nobody runs these servers."""

import itertools
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from instances.models import EXTERNAL, Instance, TheirServer
from instances.presets import Purpose
from instances.states import Health, Status, Wish
from orgs.models import Organization
from tests.instances.rows import make_instance

CRASHED = (
    "The server ended 5 times within 10 minutes. Its last words: Fatal error loading the DB, "
    "check server logs: Bad file format reading the append only file appendonly.aof.1.incr.aof."
)
STATES: dict[str, dict[str, Any]] = {
    "pending": {"status": Status.PENDING, "health": Health.UNKNOWN},
    "creating": {"status": Status.CREATING, "health": Health.UNKNOWN},
    "running": {},
    "unhealthy": {
        "health": Health.UNHEALTHY,
        "status_detail": "It hasn't answered PING for 40 seconds.",
    },
    "stopping": {"status": Status.STOPPING, "wish": Wish.STOPPED},
    "stopped": {"status": Status.STOPPED, "health": Health.UNKNOWN, "wish": Wish.STOPPED},
    "error": {"status": Status.ERROR, "health": Health.UNHEALTHY, "status_detail": CRASHED},
    "deleting": {"status": Status.DELETING, "health": Health.UNKNOWN, "wish": Wish.DELETED},
}
STRANGE_NAMES = (
    "ذاكرة التخزين المؤقت للجلسات",
    "מטמון ההפעלות של החנות",
    "🚀 launch-day cache 🎉",
    "the-cache-in-front-of-the-catalogue-of-the-shop-in-the-north-of-the-country-v2-x",
    "Größenänderungs-Zwischenspeicher für Straßenverkehrsüberwachung",
    "セッションキャッシュ・本番環境",
    "<b>bold</b> & “quoted” \\ 'apostrophes'",
)
TEAMS = ("billing", "catalog", "checkout", "search", "sessions", "mail", "feeds", "ads")
PLACES = ("eu-west", "eu-north", "us-east", "ap-south")


_ports = itertools.count(40_000)
"""Nobody listens there, and no real server of the world does."""


def row(organization: Organization, name: str, **columns: Any) -> Instance:
    """Insert an instance that nobody runs."""
    return make_instance(organization, name, port=next(_ports), **columns)


def every_state(organization: Organization) -> dict[str, str]:
    """Make one instance for each state; give their ids."""
    made = {
        name: row(organization, f"{name}-example", **columns) for name, columns in STATES.items()
    }
    made["adopted"] = row(organization, "adopted-example", provisioner=EXTERNAL)
    TheirServer.objects.create(
        instance=made["adopted"],
        host="redis.internal",
        port=6379,
        user="worker",
        checked_at=timezone.now(),
    )
    expiry = timezone.now() + timedelta(minutes=42)
    made["ephemeral"] = row(organization, "ci-run-4182", expires_at=expiry)
    return {name: str(instance.pk) for name, instance in made.items()}


def strange(organization: Organization) -> str:
    """Make one instance for each hard name; give the id of the longest."""
    made = [row(organization, name, slug=f"s-{i}") for i, name in enumerate(STRANGE_NAMES)]
    return str(max(made, key=lambda each: len(each.name)).pk)


def many(organization: Organization, count: int) -> list[Instance]:
    """Make as many, most of them running."""
    with transaction.atomic():
        return [_one_of_many(organization, number) for number in range(count)]


def _one_of_many(organization: Organization, number: int) -> Instance:
    name = f"{TEAMS[number % 8]}-{PLACES[number // 8 % 4]}-{number:03}"
    columns = STATES["running"]
    if number % 23 == 7:
        columns = STATES["stopped"]
    elif number % 41 == 11:
        columns = STATES["unhealthy"]
    elif number % 97 == 13:
        columns = STATES["error"]
    purpose = Purpose.STORE if number % 3 else Purpose.CACHE
    return row(organization, name, memory_mb=32 << number % 4, purpose=purpose, **columns)

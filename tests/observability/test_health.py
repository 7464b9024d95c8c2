"""Probes: what they say, and what they say when something is away."""

import asyncio
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import AsyncClient, Client
from django.utils import timezone

from instances.models import Lease
from observability import components, health
from observability.health import Component, Status, Unhealthy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts with the platform's own components, and with nothing remembered."""
    monkeypatch.setattr(health, "_components", dict(health._components))
    monkeypatch.setattr(health, "_last", None)
    monkeypatch.setattr(components, "_is_migrated", False)


@pytest.fixture
def controller() -> None:
    later = timezone.now() + timedelta(minutes=1)
    Lease.objects.create(name="controller", holder="test", expires_at=later)


async def fail() -> None:
    raise Unhealthy("It is away.")


async def hang() -> None:
    await asyncio.sleep(60)


def test_health_names_every_component(client: Client, controller: None) -> None:
    answer = client.get("/health")
    body = answer.json()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert body["status"] == "ok"
    assert body["version"] == settings.VERSION
    assert body["uptime_seconds"] >= 0
    assert set(body["components"]) == {"database", "controller", "worker"}
    for component in body["components"].values():
        assert component["status"] == "ok"
        assert component["latency_ms"] >= 0


def test_missing_controller_degrades(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert "No controller runs" in answer.json()["components"]["controller"]["detail"]


def test_broken_vital_component_is_down_and_not_ready(client: Client, controller: None) -> None:
    health.register(Component("database", fail, is_vital=True))
    assert client.get("/health").status_code == 503
    assert client.get("/health").json()["status"] == "down"
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


async def test_hanging_component_is_given_up(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 1.0)  # plenty for those that answer
    health.register(Component("slow", hang))
    body = (await async_client.get("/health")).json()
    assert body["status"] == "degraded"
    assert body["components"]["slow"] == {
        "status": "down",
        "latency_ms": body["components"]["slow"]["latency_ms"],
        "detail": "No answer within 1 s.",
    }


async def test_absent_platform_redis_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nowhere/platform.sock")
    health.register(components.PLATFORM_REDIS)
    found = (await health.findings())["platform_redis"]
    assert found.status is Status.DOWN
    assert "nowhere" not in found.detail


async def test_answers_are_shared_for_a_second() -> None:
    assert await health.findings() is await health.findings()


def test_ready_waits_for_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}

    async def missing() -> None:
        raise Unhealthy("The database is being prepared: migrations are missing.")

    monkeypatch.setattr(components, "require_migrations", missing)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "migrations" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/version"])
def test_probes_only_answer_reading(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(path)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    assert client.head(path).status_code in {200, 503}


@pytest.mark.django_db(transaction=False, databases=[])
def test_live_and_version_need_no_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/version").json() == {"version": settings.VERSION}

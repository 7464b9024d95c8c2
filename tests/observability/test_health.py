"""Probes: what they say, and what they say when something is away."""

import asyncio
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import AsyncClient, Client
from django.utils import timezone

from instances.models import Lease
from observability import components, health
from observability.health import Component, Status, Unhealthy
from observability.single_flight import SingleFlight
from redisgate.lib import direct_database, leaving
from tests.gateway.parts import running_server
from tests.locked_table import locked
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts with the platform's own components, and with nothing remembered."""
    monkeypatch.setattr(health, "_components", dict(health._components))
    monkeypatch.setattr(health, "_slow", set())
    health.forget()
    components.forget()


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
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["detail"]) == (503, "It is away.")
    assert client.get("/health/live").status_code == 200


async def test_hanging_component_is_given_up_when_it_is_late_again(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 1.0)  # plenty for those that answer
    health.register(Component("slow", hang, is_vital=True))
    late = (await async_client.get("/health")).json()
    assert (late["status"], late["components"]["slow"]["status"]) == ("degraded", "degraded")
    assert (await async_client.get("/health/ready")).status_code == 200
    health.forget()
    away = await async_client.get("/health")
    assert away.status_code == 503
    assert away.json()["components"]["slow"] == {
        "status": "down",
        "latency_ms": away.json()["components"]["slow"]["latency_ms"],
        "detail": "No answer within 1 s.",
    }
    assert (await async_client.get("/health/ready")).status_code == 503


async def test_whoever_asks_a_component_that_is_down_is_not_asked(
    async_client: AsyncClient,
) -> None:
    health.register(Component("database", fail, is_vital=True))
    health.register(Component("reader", hang, asks="database"))
    async with asyncio.timeout(PATIENCE_SECONDS / 2):
        body = (await async_client.get("/health")).json()
    words = "Nobody knows: the database doesn't answer."
    assert body["components"]["reader"] == {"status": "down", "latency_ms": 0.0, "detail": words}
    assert body["components"]["controller"]["detail"] == words


async def test_absent_platform_redis_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nowhere/platform.sock")
    health.register(components.PLATFORM_REDIS)
    found = (await health.findings())["platform_redis"]
    assert found.status is Status.DOWN
    assert "nowhere" not in found.detail


@pytest.mark.parametrize(
    "credentials", ["rg-admin:hunter2", "hunter2-nobody:admin-token", "rg-mute:admin-token"]
)
async def test_platform_redis_that_refuses_us_is_told_from_an_absent_one(
    monkeypatch: pytest.MonkeyPatch, credentials: str
) -> None:
    health.register(components.PLATFORM_REDIS)
    with running_server() as server:
        server.tell("ACL", "SETUSER", "rg-mute", "on", ">admin-token", "-@all")
        monkeypatch.setattr(settings, "REDIS_URL", f"unix://{credentials}@{server.socket_path}")
        found = (await health.findings())["platform_redis"]
    assert found.status is Status.DOWN
    assert found.detail.startswith(
        "The platform's Redis refuses the password or the user of REDIS_URL: "
    )
    assert not any(word in found.detail for word in (*credentials.split(":"), server.socket_path))


async def test_a_hundred_who_ask_at_once_are_answered_by_one_look() -> None:
    all_ask, looks = asyncio.Event(), 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        await all_ask.wait()

    health.register(Component("counted", look))
    everybody = [asyncio.create_task(health.findings()) for _ in range(100)]
    await asyncio.sleep(0)  # each of them has asked
    all_ask.set()
    first, *others = await asyncio.gather(*everybody)
    assert all(found is first for found in others)
    assert (first["counted"].status, looks) == (Status.OK, 1)


async def test_who_hangs_up_takes_nobodys_answer_away() -> None:
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    async def ask() -> str:
        is_asked.set()
        await may_answer.wait()
        return "well"

    flight = SingleFlight(ask, fresh_seconds=1)
    first, second = asyncio.create_task(flight.get()), asyncio.create_task(flight.get())
    await is_asked.wait()
    first.cancel()
    may_answer.set()
    assert await second == "well"
    assert first.cancelled()


async def test_a_broken_connection_says_nothing_about_the_database() -> None:
    def breaks() -> None:
        connection.ensure_connection()
        connection.connection.close()

    await health.in_thread(breaks)
    assert (await health.findings())["database"].status is Status.OK


async def test_an_absent_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object) -> None:
        raise OperationalError("connection refused at 10.0.0.1")

    await health.in_thread(connection_of_thread_is_closed)
    with monkeypatch.context() as patched:
        patched.setattr(
            type(connections["default"]), "get_new_connection", lambda self, _: refuse(self)
        )
        patched.setattr(direct_database, "ask", lambda: refuse(None))
        found = await health.findings()
    assert health.overall(found) is Status.DOWN
    assert found["database"].detail == "The database doesn't answer."
    assert found["controller"].status is Status.DOWN
    health.forget()
    assert (await health.findings())["database"].status is Status.OK


def connection_of_thread_is_closed() -> None:
    connection.close()


async def test_a_worker_that_is_about_to_end_is_not_ready(async_client: AsyncClient) -> None:
    assert (await async_client.get("/health/ready")).status_code == 200
    leaving.announce()
    assert (await async_client.get("/health/ready")).status_code == 503
    assert (await async_client.get("/health/live")).status_code == 200


def test_startup_is_over_once_and_for_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(MigrationExecutor, "migration_plan", lambda *_: ["missing"])
        refused = client.get("/health/startup")
        assert (refused.status_code, refused.json()["status"]) == (503, "down")
        assert client.get("/health/ready").status_code == 503
    components.forget()
    assert client.get("/health/startup").status_code == 200
    health.register(Component("database", fail, is_vital=True))
    assert client.get("/health/startup").status_code == 200


def test_ready_waits_for_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}

    async def missing() -> None:
        raise Unhealthy("The database is being prepared: migrations are missing.")

    monkeypatch.setattr(components, "require_migrations", missing)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "migrations" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/health/startup", "/health/ready"])
async def test_a_hanging_look_at_the_migrations_is_waited_for_no_longer_than_others(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    may_end = threading.Event()

    def hang() -> None:
        assert may_end.wait(PATIENCE_SECONDS)

    with monkeypatch.context() as patched:
        patched.setattr(components, "_ask_migrations", hang)
        patched.setattr(health, "TIMEOUT_SECONDS", 0.05)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS / 2):
                refused = await async_client.get(path)
        finally:
            may_end.set()
    assert (refused.status_code, refused.json()["detail"]) == (503, "No answer within 0.05 s.")
    components.forget()
    assert (await async_client.get(path)).status_code == 200


@pytest.mark.postgresql
async def test_a_look_at_the_migrations_that_waits_for_a_lock_leaves_the_thread_to_others(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 1.0)
    with locked(MigrationRecorder.Migration._meta.db_table):
        refused = await async_client.get("/health/startup")
        assert refused.status_code == 503
        async with asyncio.timeout(PATIENCE_SECONDS / 2):
            await health.in_thread(connection_of_thread_is_closed)
    components.forget()
    assert (await async_client.get("/health/startup")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/health", "/health/live", "/health/ready", "/health/startup", "/version"]
)
def test_probes_only_answer_reading(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(path)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    assert client.head(path).status_code in {200, 503}


@pytest.mark.django_db(transaction=False, databases=[])
def test_live_and_version_need_no_database(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/version").json() == {"version": settings.VERSION}

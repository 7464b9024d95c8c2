"""Stopping, and being stopped by force: nothing is lost and nothing is left behind."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import redis

from tests import prepared
from tests.gateway.events import opened
from tests.platform import Platform, processes_of, running
from tests.roles import role
from tests.waiting import until, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with prepared.directory() as path:
        yield path


def ignore_interrupts() -> None:
    """As a shell does for what it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def client(redis_url: str) -> "redis.Redis":
    return redis.Redis.from_url(redis_url, protocol=2, decode_responses=True, socket_timeout=60)


def test_ctrl_c_counts_even_where_the_shell_ignores_it(data_dir: Path) -> None:
    with running(data_dir, preexec=ignore_interrupts) as platform:
        assert platform.stop(signal.SIGINT) == 0
        assert processes_of(data_dir) == []


def test_what_people_stored_survives_stop_and_start(data_dir: Path) -> None:
    with running(data_dir) as platform:
        kit = platform.quickstart()
        with client(kit["redis_url"]) as connection:
            connection.set("greeting", "hello")
        assert platform.stop(signal.SIGTERM) == 0
        assert processes_of(data_dir) == []
        assert platform.log.read_text().endswith("Stopped.\n")
        ports = platform.ports
    with running(data_dir, ports=ports) as platform:
        assert platform.quickstart() == kit
        with client(kit["redis_url"]) as connection:
            assert connection.get("greeting") == "hello"


async def test_streams_and_waits_hold_up_no_stop(data_dir: Path) -> None:
    with running(data_dir) as platform:
        kit = platform.quickstart()
        url = urlsplit(kit["url"])
        assert url.port is not None
        bearer = {"Authorization": f"Bearer {kit['token']}"}
        async with (
            opened(url.port, url.path + "/subscribe/news", **bearer) as events,
            httpx.AsyncClient(headers={**bearer, "Redisgate-Block": "50000"}, timeout=60) as http,
        ):
            await events.next()
            waiting = asyncio.create_task(http.post(kit["url"], json=["BLPOP", "k", "0"]))
            with client(kit["redis_url"]) as native:
                await until(lambda: native.pubsub_numsub("news") == [("news", 1)])
                await until(lambda: native.info("clients")["blocked_clients"] == 1)
            stopping = asyncio.create_task(asyncio.to_thread(platform.stop))
            assert b"the platform is restarting" in await events.rest()
            assert (await waiting).status_code == 503
            assert await stopping == 0
        assert "Cancel" not in platform.log.read_text()  # what uvicorn says of those in the way


def test_killed_supervisor_takes_all_but_the_instances_along(data_dir: Path) -> None:
    with running(data_dir) as platform:
        kit = platform.quickstart()
        with client(kit["redis_url"]) as connection:
            server = connection.info("server")["process_id"]
            platform.process.kill()
            platform.process.wait()
            wait_until(lambda: processes_of(data_dir) == [server])
            assert connection.ping()
        ports = platform.ports
        with running(data_dir, ports=ports) as again:
            assert again.quickstart() == kit
            assert (data_dir / "run" / "up.pid").read_text().startswith(f"{again.pid}\n")
            with client(kit["redis_url"]) as connection:
                assert connection.info("server")["process_id"] == server
            assert again.stop() == 0
        assert processes_of(data_dir) == []


def test_callers_wait_in_line_while_web_is_started_again(platform: Platform) -> None:
    os.kill(role(platform, "web"), signal.SIGKILL)
    assert platform.get("/health/live")[0] == 200

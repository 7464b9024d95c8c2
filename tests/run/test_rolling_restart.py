"""Workers that are replaced under load lose no request."""

import asyncio
import os
import signal
from collections.abc import Iterator

import httpx
import pytest

from tests import platform as real_platform
from tests import prepared
from tests.platform import Platform
from tests.roles import role, web_workers
from tests.waiting import until

CLIENTS = 50


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with (
        prepared.directory() as data_dir,
        real_platform.running(data_dir, WEB_WORKERS="2") as platform,
    ):
        yield platform


async def test_replacing_the_workers_fails_no_request(platform: Platform) -> None:
    kit = platform.quickstart("--rate-limit", "100000")
    headers = {"Authorization": f"Bearer {kit['token']}"}
    master, before = role(platform, "web"), set(web_workers(platform))
    is_over = asyncio.Event()
    answered = 0

    async def client(number: int) -> None:
        nonlocal answered
        async with httpx.AsyncClient(headers=headers, timeout=20, verify=False) as http:  # noqa: S501
            while not is_over.is_set():
                word = f"{number}-{answered}"
                response = await http.post(kit["url"], json=["ECHO", word])
                assert response.json() == {"result": word}
                answered += 1

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(client(number))
        await until(lambda: answered > 10 * CLIENTS)
        os.kill(master, signal.SIGHUP)
        await until(lambda: before.isdisjoint(web_workers(platform)))
        since = answered
        await until(lambda: answered > since + 10 * CLIENTS)
        is_over.set()

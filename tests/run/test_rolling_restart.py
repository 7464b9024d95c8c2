"""Workers that are replaced under load lose no request."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests import platform as real_platform
from tests import prepared
from tests.platform import Platform
from tests.roles import role, web_workers
from tests.steady_clients import steady_clients
from tests.waiting import until


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
    async with steady_clients(kit["url"], headers):
        os.kill(master, signal.SIGHUP)
        await until(lambda: before.isdisjoint(web_workers(platform)))

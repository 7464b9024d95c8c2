"""Workers that are replaced under load lose no request."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests import platform as real_platform
from tests.platform import Platform, processes_of
from tests.waiting import until

CLIENTS = 50


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with (
        real_platform.directory() as data_dir,
        real_platform.running(data_dir, WEB_WORKERS="2") as platform,
    ):
        yield platform


def _read(pid: int, name: str) -> bytes:
    """Read of a process that may just have ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""


def workers(platform: Platform) -> tuple[int, set[int]]:
    """Find the gunicorn master and its workers."""
    stats = {pid: _read(pid, "stat") for pid in processes_of(platform.data_dir)}
    parents = {pid: int(s.rpartition(b")")[2].split()[1]) for pid, s in stats.items() if s}
    children = [pid for pid, parent in parents.items() if parent == platform.pid]
    [master] = [pid for pid in children if b"web" in _read(pid, "cmdline").split(b"\0")]
    return master, {pid for pid, parent in parents.items() if parent == master}


async def test_replacing_the_workers_fails_no_request(platform: Platform) -> None:
    kit = platform.quickstart("--rate-limit", "100000")
    headers = {"Authorization": f"Bearer {kit['token']}"}
    master, before = workers(platform)
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
        await until(lambda: answered > 10 * CLIENTS, seconds=30)
        os.kill(master, signal.SIGHUP)
        await until(lambda: before.isdisjoint(workers(platform)[1]), seconds=30)
        since = answered
        await until(lambda: answered > since + 10 * CLIENTS, seconds=30)
        is_over.set()

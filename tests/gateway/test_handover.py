"""Streams that one worker holds and another one goes on with."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from gateway.leases import Leases
from gateway.limits import Limits
from gateway.principals import Principal, Target
from gateway.streams import Streams
from gateway.upstream import Upstreams
from tests.gateway.parts import Key, Place, Server
from tests.waiting import until


class Workers:
    """Two workers of one machine, as far as streams go."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        self.directory = directory
        self.key = Key(uuid4())
        self.place = Place(self.key.organization_id, server.endpoint)
        self.one, self.other = self._worker(), self._worker()

    def _worker(self) -> Streams:
        limits = Limits(stream_linger_seconds=20)
        leases = Leases(limits, self._recheck, Upstreams(limits, self._recheck).gate_of)
        return Streams(limits, leases, self._look_up, self._look_up, self.directory)

    async def _recheck(self, token: str) -> None:
        """Take every key for a good one."""

    async def _look_up(self, token: str, instance_id: UUID) -> tuple[Principal, Target]:
        return self.key, self.place

    async def open(self, worker: Streams, last_event_id: str = "") -> AsyncIterator[bytes]:
        stream = await worker.open(
            self.key,
            self.place,
            [b"subscribe", b"chat"],
            last_event_id=last_event_id,
            can_resume=True,
        )
        return aiter(stream)

    async def begin(self) -> str:
        """Read the beginning of a stream of one worker, go, and return the id to come back with."""
        events = await self.open(self.one)
        begun = await anext(events)
        await events.aclose()  # type: ignore[attr-defined]
        return begun.split(b"id: ")[1].split(b"\n")[0].decode()

    def publish(self, payload: str) -> int:
        return int(self.server.admin().publish("chat", payload))


@pytest_asyncio.fixture
async def workers(server: Server) -> AsyncIterator[Workers]:
    directory = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    both = Workers(server, directory)
    yield both
    await both.one.close()
    await both.other.close()
    assert os.listdir(directory) == []
    shutil.rmtree(directory)


async def read_until(events: AsyncIterator[bytes], end: bytes) -> bytes:
    found = b""
    while not found.endswith(end):
        found += await anext(events)
    return found


async def test_another_worker_goes_on_with_the_stream(workers: Workers) -> None:
    last_id = await workers.begin()
    assert workers.publish("1") == 1
    events = await workers.open(workers.other, last_id)
    feed = last_id.removesuffix("-1")
    assert await read_until(events, b"-2\n\n") == (
        b": resumed\n\ndata: message,chat,1\nid: %s-2\n\n" % feed.encode()
    )
    assert workers.publish("2") == 1
    assert await anext(events) == b"data: message,chat,2\nid: %s-3\n\n" % feed.encode()


async def test_it_can_be_left_and_taken_again(workers: Workers) -> None:
    last_id = await workers.begin()
    [feed] = workers.one.feeds
    for worker in (workers.other, workers.one, workers.other):
        events = await workers.open(worker, last_id)
        assert await anext(events) == b": resumed\n\n"
        await events.aclose()  # type: ignore[attr-defined]
        await until(lambda: feed.is_lingering)


async def test_a_worker_that_ends_ends_what_it_gave_away(workers: Workers) -> None:
    events = await workers.open(workers.other, await workers.begin())
    await anext(events)
    workers.one.stop()
    assert b"please connect again" in b"".join([chunk async for chunk in events])


async def test_a_worker_that_ends_gives_back_what_it_borrowed(workers: Workers) -> None:
    events = await workers.open(workers.other, await workers.begin())
    await anext(events)
    workers.other.stop()
    assert b"please connect again" in b"".join([chunk async for chunk in events])
    [feed] = workers.one.feeds
    await until(lambda: feed.is_lingering)


@pytest.mark.parametrize("instead", ["", "00000000.", "00000000.000000000000-"])
async def test_what_no_worker_holds_begins_anew_with_a_gap(workers: Workers, instead: str) -> None:
    last_id = await workers.begin()
    wrong = instead + last_id[len(instead) :] if instead else last_id.replace("-1", "-7")
    events = await workers.open(workers.other, wrong)
    assert (await anext(events)).startswith(b"event: gap\n")
    assert await anext(events) != b": resumed\n\n"


async def test_a_worker_that_was_killed_leaves_a_gap(workers: Workers) -> None:
    last_id = await workers.begin()
    assert workers.one.feeds
    [door] = list(workers.directory.iterdir())
    door.unlink()
    events = await workers.open(workers.other, last_id)
    assert (await anext(events)).startswith(b"event: gap\n")

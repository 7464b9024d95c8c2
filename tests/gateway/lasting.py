"""A door whose streams and waits a test can watch from the server's side."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

import httpx
import pytest_asyncio

from gateway.fastlane import FastLane
from gateway.limits import Limits
from tests.gateway import events
from tests.gateway.doors import Door, Serving, opened, serving
from tests.gateway.events import Events
from tests.gateway.parts import Server
from tests.waiting import until


@dataclass(kw_only=True)
class LastingDoor(Door):
    """A door of its own, and the server behind it."""

    served: Serving
    server: Server

    def stream(
        self, path: str, *, method: str = "POST", token: str = "writer-token", **headers: str
    ) -> AbstractAsyncContextManager[Events]:
        """Open a stream; by POST, as the official clients do, unless told otherwise."""
        headers = {"Authorization": f"Bearer {token}", **headers}
        return events.opened(self.port, self.path + path, method=method, **headers)

    async def send(
        self,
        *words: object,
        path: str = "",
        block: str | None = None,
        token: str = "writer-token",
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        if block is not None:
            headers["Redisgate-Block"] = block
        return await self.http.post(self.url + path, json=words, headers=headers)

    async def publish(self, channel: str, *payloads: bytes | str) -> int:
        """Publish natively, and return how many listened to the last."""
        admin = self.server.admin()
        heard = [int(admin.publish(channel, payload)) for payload in payloads]
        return heard[-1]

    def clients(self, command: str) -> int:
        """Count the server's clients whose latest command it was."""
        return str(self.server.tell("CLIENT", "LIST")).count(f"cmd={command}")

    async def until_clients(self, command: str, count: int) -> None:
        await until(lambda: self.clients(command) == count, f"{count} x {command}")


class Serve(Protocol):
    """The fixture that starts doors with bounds of the test's choice."""

    async def __call__(self, server: Server, **bounds: float) -> LastingDoor: ...


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(server: Server, **bounds: float) -> LastingDoor:
            limits = Limits(**bounds)  # type: ignore[arg-type]
            served = await stack.enter_async_context(serving(FastLane, graceful_seconds=8))
            [door] = await stack.enter_async_context(opened(served.port, [server], limits))
            return LastingDoor(**vars(door), served=served, server=server)

        yield start


@pytest_asyncio.fixture
async def door(server: Server, serve: Serve) -> LastingDoor:
    return await serve(server, stream_linger_seconds=5)

"""A door whose streams and waits a test can watch from the server's side."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

import httpx
import pytest_asyncio
import uvicorn

from gateway import runtime
from gateway.asgi import CommandsAside
from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.fastlane import FastLane
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from tests.gateway.events import Events, opened
from tests.gateway.parts import Key, Place, Server
from tests.waiting import until


async def no_pages(scope: object, receive: object, send: object) -> None:
    raise AssertionError("this is not a page")


@dataclass
class LastingDoor:
    """A running door with the keys and instances it knows."""

    web: uvicorn.Server
    serving: "asyncio.Task[None]"
    port: int
    server: Server
    place: Place
    keys: dict[str, Key]
    instances: dict[UUID, Place]
    runtime: runtime.Runtime
    http: httpx.AsyncClient = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/redis/{self.place.instance_id}"

    def stream(
        self, path: str, *, method: str = "POST", token: str = "writer-token", **headers: str
    ) -> AbstractAsyncContextManager[Events]:
        """Open a stream; by POST, as the official clients do, unless told otherwise."""
        headers = {"Authorization": f"Bearer {token}", **headers}
        whole = f"/redis/{self.place.instance_id}{path}"
        return opened(self.port, whole, method=method, **headers)

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
    doors: list[LastingDoor] = []

    async def start(server: Server, **bounds: float) -> LastingDoor:
        organization_id = uuid4()
        place = Place(organization_id, server.endpoint)
        keys = {
            "writer-token": Key(organization_id),
            "reader-token": Key(organization_id, "rg_reader", "reader-token"),
            "admin-token": Key(organization_id, "rg-admin", "admin-token"),
        }
        instances = {place.instance_id: place}

        async def load_key(token: str) -> Principal:
            if token not in keys:
                raise MissingOrInvalidToken
            return keys[token]

        async def load_instance(instance_id: UUID) -> Target:
            if instance_id not in instances:
                raise UnknownInstance
            return instances[instance_id]

        limits = Limits(**bounds)  # type: ignore[arg-type]
        shared = runtime.Runtime(limits, LookupCache(load_key), LookupCache(load_instance))
        runtime.install(shared)
        config = uvicorn.Config(
            CommandsAside(no_pages),
            http=FastLane,
            lifespan="off",
            log_config=None,
            ws="none",
            timeout_graceful_shutdown=8,
        )
        web = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        await until(lambda: web.started)
        port = listener.getsockname()[1]
        client = httpx.AsyncClient(timeout=20)
        doors.append(
            LastingDoor(web, serving, port, server, place, keys, instances, shared, client)
        )
        return doors[-1]

    yield start
    for door in doors:
        await door.http.aclose()
        door.web.should_exit = True
        await door.serving
        await door.runtime.close()


@pytest_asyncio.fixture
async def door(server: Server, serve: Serve) -> LastingDoor:
    return await serve(server, stream_linger_seconds=5)

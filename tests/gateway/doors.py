"""The doors, served in the test's own loop, and a client that is light enough for many calls."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import orjson
import uvicorn

from gateway import runtime
from gateway.asgi import CommandsAside
from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.fastlane import FastLane
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from gateway.upstream import Upstreams
from instances.spec import Endpoint
from redisgate.http_protocol import HttpProtocol
from tests.gateway.fault_proxy import hang_up
from tests.gateway.parts import Key, Place
from tests.waiting import until

DOORS: dict[str, type[asyncio.Protocol]] = {"drf": HttpProtocol, "fast": FastLane}


async def _no_pages(scope: object, receive: object, send: object) -> None:
    raise AssertionError("this is not a page")


@dataclass
class Caller:
    """One connection to a door, kept alive."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str

    def request(self, *command: object) -> bytes:
        body = orjson.dumps(command)
        return f"{self.head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def call(self, *command: object) -> tuple[int, dict[str, object]]:
        status, body = await self.exchange(self.request(*command))
        return status, orjson.loads(body)

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        body = await self.reader.readexactly(int(fields[b"content-length"]))
        return int(head.split(b" ", 2)[1]), body


@dataclass
class OpenDoor:
    """A door that is served, and the one instance behind it."""

    port: int
    instance_id: UUID
    upstreams: Upstreams
    callers: list[Caller] = field(default_factory=list)

    async def caller(self) -> Caller:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)
        head = f"POST /redis/{self.instance_id} HTTP/1.1\r\nHost: x\r\n"
        caller = Caller(reader, writer, head + "Authorization: Bearer writer-token\r\n")
        self.callers.append(caller)
        return caller


@asynccontextmanager
async def open_door(
    door: type[asyncio.Protocol], endpoint: Endpoint, limits: Limits
) -> AsyncIterator[OpenDoor]:
    """Serve a door in front of one server, and close it and its connections at the end."""
    organization_id = uuid4()
    key, place = Key(organization_id), Place(organization_id, endpoint)

    async def load_key(token: str) -> Principal:
        if token != key.token:
            raise MissingOrInvalidToken
        return key

    async def load_instance(instance_id: UUID) -> Target:
        if instance_id != place.instance_id:
            raise UnknownInstance
        return place

    shared = runtime.Runtime(limits, LookupCache(load_key), LookupCache(load_instance))
    runtime.install(shared)
    config = uvicorn.Config(
        CommandsAside(_no_pages), http=door, lifespan="off", log_config=None, ws="none"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # asyncio forgets it for sockets made like this one: each answer would be 40 ms late.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        await until(lambda: web.started)
        opened = OpenDoor(listener.getsockname()[1], place.instance_id, shared.upstreams)
        yield opened
        for caller in opened.callers:
            await hang_up(caller.writer)
        web.should_exit = True
        await serving
    await shared.upstreams.close()

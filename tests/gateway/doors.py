"""The doors to the command API, served in the test's own loop: fixtures to import, and a client.

A module that imports ``door`` and ``port`` runs once for each of ``DOORS``.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
import uvicorn

from gateway import runtime
from gateway.asgi import CommandsAside
from gateway.fastlane import FastLane
from gateway.limits import Limits
from instances.spec import Endpoint
from observability.counted_protocol import CountedProtocol
from redisgate.lib.http_protocol import HttpProtocol
from tests.gateway.known import Known
from tests.gateway.parts import Key, Place, Server
from tests.gateway.raw_http import ANSWER_SECONDS, Answer, Wire, connect
from tests.waiting import until

DOORS: dict[str, type[HttpProtocol]] = {"drf": CountedProtocol, "fast": FastLane}
WRITER, READER, OPERATOR, ADMIN = "writer-token", "reader-token", "operator-token", "admin-token"
NARROW, PEEK = "narrow-token", "peek-token"
"""Write and read scope, within key patterns."""
USERS = {
    WRITER: "rg_writer",
    READER: "rg_reader",
    OPERATOR: "rg_operator",
    NARROW: "rg_narrow",
    PEEK: "rg_peek",
    ADMIN: "rg-admin",
}

each_door = pytest.mark.parametrize("protocol", DOORS.values(), ids=DOORS)


@dataclass
class Door:
    """A running door, and the keys and instances it knows."""

    port: int
    place: Place
    known: Known
    runtime: runtime.Runtime
    http: httpx.AsyncClient = field(repr=False)
    wires: list[Wire] = field(repr=False)
    """Closed with the door."""

    @property
    def keys(self) -> dict[str, Key]:
        return self.known.keys

    @property
    def instances(self) -> dict[UUID, Place]:
        return self.known.instances

    @property
    def path(self) -> str:
        return f"/redis/{self.place.instance_id}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    async def ask(self, method: str, path: str, body: bytes, **headers: str) -> Answer:
        """Send a request with these headers alone."""
        response = await self.http.request(method, self.url + path, content=body, headers=headers)
        return Answer(response.status_code, response.headers, response.content)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, b"", **headers)

    async def post(self, path: str, body: object, token: str = WRITER, **headers: str) -> Answer:
        """Send a body, JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return await self.ask("POST", path, content, Authorization=f"Bearer {token}", **headers)

    async def command(self, *words: str, token: str = WRITER) -> Answer:
        return await self.post("", words, token)

    async def result(self, *words: str) -> object:
        """Run a command that succeeds."""
        answer = await self.command(*words)
        assert answer.status == 200, answer.body
        assert isinstance(answer.json, dict)
        return answer.json["result"]

    async def is_right(self) -> bool:
        """Tell whether a fresh request gets its own answer."""
        nonce = uuid4().hex
        return await self.result("ECHO", nonce) == nonce

    def head(
        self,
        method: str = "POST",
        path: str = "",
        *lines: str,
        version: str = "1.1",
        token: str = WRITER,
    ) -> bytes:
        """Write a head with a good key; further lines are the caller's."""
        start = f"{method} {self.path}{path} HTTP/{version}"
        good = ("Host: x", f"Authorization: Bearer {token}")
        return "\r\n".join((start, *good, *lines, "", "")).encode("latin-1")

    def posted(self, path: str, body: object, *lines: str, token: str = WRITER) -> bytes:
        """Write a whole request with this body, as JSON."""
        content = orjson.dumps(body)
        length = f"Content-Length: {len(content)}"
        return self.head("POST", path, length, *lines, token=token) + content

    def request(self, *command: object, lines: Sequence[str] = ()) -> bytes:
        """Write a whole request for one command."""
        return self.posted("", command, *lines)

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        wire = await connect(self.port)
        try:
            yield wire
        finally:
            await wire.close()

    async def caller(self) -> "Caller":
        """Open a connection that lasts as long as the door."""
        wire = await connect(self.port)
        self.wires.append(wire)
        return Caller(self, wire)


@dataclass
class Caller:
    """A connection for one command after the other; lighter than any client."""

    door: Door
    wire: Wire

    async def call(self, *command: object) -> tuple[int, object]:
        answer = await self.wire.exchange(self.door.request(*command))
        return answer.status, answer.json


async def no_pages(scope: object, receive: object, send: object) -> None:
    raise AssertionError("this is not a page")


@dataclass
class Serving:
    """The command API on a port of its own."""

    port: int
    server: uvicorn.Server
    task: "asyncio.Task[None]"

    async def stop(self) -> None:
        """End as a worker does, which waits for what is under way."""
        self.server.should_exit = True
        await self.task


@asynccontextmanager
async def serving(
    protocol: type[asyncio.Protocol], *, graceful_seconds: int | None = None
) -> AsyncIterator[Serving]:
    """Serve the command API until the context ends."""
    config = uvicorn.Config(
        CommandsAside(no_pages),
        http=protocol,
        lifespan="off",
        log_config=None,
        ws="none",
        timeout_keep_alive=600,  # clients and server share a thread, and some are let wait
        timeout_graceful_shutdown=graceful_seconds,
    )
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        # asyncio forgets it for sockets made like this one: each answer would be 40 ms late.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(config)
        served = Serving(
            listener.getsockname()[1], server, asyncio.create_task(server.serve([listener]))
        )
        await until(lambda: server.started)
        try:
            yield served
        finally:
            await served.stop()


@asynccontextmanager
async def opened(
    port: int, servers: Sequence[Server | Endpoint], limits: Limits | None = None
) -> AsyncIterator[list[Door]]:
    """Let one door know these servers: as instances of one organization, with the same keys."""
    organization_id = uuid4()
    endpoints = [each.endpoint if isinstance(each, Server) else each for each in servers]
    places = [Place(organization_id, endpoint) for endpoint in endpoints]
    keys = {token: Key(organization_id, user, token) for token, user in USERS.items()}
    known = Known(keys, {place.instance_id: place for place in places})
    shared = known.runtime(limits)
    runtime.install(shared)
    wires: list[Wire] = []
    try:
        async with httpx.AsyncClient(timeout=2 * ANSWER_SECONDS, verify=False) as http:  # noqa: S501  no TLS here
            yield [Door(port, place, known, shared, http, wires) for place in places]
    finally:
        for wire in wires:
            await wire.close()
        await shared.close()


@asynccontextmanager
async def open_door(
    protocol: type[asyncio.Protocol], server: Server | Endpoint, limits: Limits | None = None
) -> AsyncIterator[Door]:
    """Serve a door in front of one server."""
    async with serving(protocol) as served, opened(served.port, [server], limits) as [door]:
        yield door


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=DOORS.values(), ids=DOORS.keys()
)
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """Serve for the whole module: starting uvicorn takes longer than a test."""
    async with serving(request.param) as served:
        yield served.port


@pytest_asyncio.fixture(loop_scope="module")
async def door(port: int, server: Server) -> AsyncIterator[Door]:
    async with opened(port, [server]) as [door]:
        yield door

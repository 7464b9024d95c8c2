"""Every door to the command API, running under uvicorn: fixtures to import, and a raw client.

A module that imports ``door`` runs once for each of ``DOORS``.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
import uvicorn

from gateway import runtime
from gateway.asgi import CommandsAside
from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.fastlane import FastLane
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from redisgate.http_protocol import HttpProtocol
from tests.gateway.parts import Key, Place, Server
from tests.waiting import until

DOORS: dict[str, type[HttpProtocol]] = {"drf": HttpProtocol, "fast": FastLane}
WRITER, READER, OPERATOR = "writer-token", "reader-token", "operator-token"
ANSWER_SECONDS = 10.0


@dataclass
class Answer:
    """What came back; ``is_last`` says that the server has closed behind it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return orjson.loads(self.body)

    @property
    def error(self) -> str:
        answer = self.json
        assert isinstance(answer, dict)
        assert list(answer) == ["error"]
        return str(answer["error"])


class Wire:
    """A connection on which every byte is the test's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(self) -> Answer:
        """Read one answer, interim ones (1xx) included."""
        async with asyncio.timeout(ANSWER_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(head[0].split()[1]), headers, body)

    async def rest(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""

    def vanish(self) -> None:
        """Leave without a word."""
        self.writer.transport.abort()


@dataclass
class Door:
    """A running door, and the keys and instances it knows."""

    port: int
    place: Place
    keys: dict[str, Key]
    instances: dict[UUID, Place]
    http: httpx.AsyncClient = field(repr=False)

    @property
    def path(self) -> str:
        return f"/redis/{self.place.instance_id}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    async def post(self, path: str, body: object, token: str = WRITER, **headers: str) -> Answer:
        response = await self.http.post(
            self.url + path,
            content=body if isinstance(body, bytes) else orjson.dumps(body),
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        return Answer(response.status_code, dict(response.headers), response.content)

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
        self, method: str = "POST", path: str = "", *lines: str, version: str = "1.1"
    ) -> bytes:
        """Write a head with a good key; further lines are the caller's."""
        start = f"{method} {self.path}{path} HTTP/{version}"
        good = ("Host: x", f"Authorization: Bearer {WRITER}")
        return "\r\n".join((start, *good, *lines, "", "")).encode("latin-1")

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Wire(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def no_pages(scope: object, receive: object, send: object) -> None:
    raise AssertionError("this is not a page")


@asynccontextmanager
async def serving(protocol: type[HttpProtocol]) -> AsyncIterator[int]:
    """Serve the command API on a free port."""
    config = uvicorn.Config(
        CommandsAside(no_pages), http=protocol, lifespan="off", log_config=None, ws="none"
    )
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        web = uvicorn.Server(config)
        task = asyncio.create_task(web.serve(sockets=[listener]))
        await until(lambda: web.started)
        yield listener.getsockname()[1]
        web.should_exit = True
        await task


@asynccontextmanager
async def opened(
    port: int, servers: Sequence[Server], limits: Limits | None = None
) -> AsyncIterator[list[Door]]:
    """Let one door know these servers: as instances of one organization, with the same keys."""
    organization_id = uuid4()
    places = [Place(organization_id, server.endpoint) for server in servers]
    instances = {place.instance_id: place for place in places}
    keys = {
        WRITER: Key(organization_id),
        READER: Key(organization_id, "rg_reader", READER),
        OPERATOR: Key(organization_id, "rg_operator", OPERATOR),
    }

    async def load_key(token: str) -> Principal:
        if token not in keys:
            raise MissingOrInvalidToken
        return keys[token]

    async def load_instance(instance_id: UUID) -> Target:
        if instance_id not in instances:
            raise UnknownInstance
        return instances[instance_id]

    shared = runtime.Runtime(limits or Limits(), LookupCache(load_key), LookupCache(load_instance))
    runtime.install(shared)
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, verify=False) as http:  # noqa: S501  no TLS here
        yield [Door(port, place, keys, instances, http) for place in places]
    await shared.rates.close()
    await shared.upstreams.close()


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=DOORS.values(), ids=DOORS.keys()
)
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """Serve for the whole module: starting uvicorn takes longer than a test."""
    async with serving(request.param) as port:
        yield port


@pytest_asyncio.fixture(loop_scope="module")
async def door(port: int, server: Server) -> AsyncIterator[Door]:
    async with opened(port, [server]) as [door]:
        yield door

"""What clients of all kinds do at once, at a steady pace, and how it goes."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bench.production.connection import Connection
from bench.production.ledger import Ledger
from redisgate.lib.resp import pack

PIPELINE = 50
Step = Callable[[], Awaitable[str]]
"""Do it once, and give the reason why it failed, or nothing."""


@dataclass(frozen=True, slots=True)
class Client:
    """A kind of work: ``per_second`` times in all, over so many connections of its own."""

    kind: str
    per_second: float
    connections: int
    begin: Callable[[int], Step]


@dataclass
class Traffic:
    """All clients together."""

    clients: list[Client]
    ledger: Ledger = field(default_factory=Ledger)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list, init=False)

    def start(self) -> None:
        for client in self.clients:
            for number in range(client.connections):
                self._tasks.append(asyncio.create_task(self._go_on(client, number)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go_on(self, client: Client, number: int) -> None:
        step, pause = client.begin(number), client.connections / client.per_second
        due = time.monotonic() + random.random() * pause  # noqa: S311  no secret
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due + pause, time.monotonic())
            began = time.monotonic()
            reason = await _try(step)
            self.ledger.note(client.kind, int(began), (time.monotonic() - began) * 1000, reason)


async def _try(step: Step) -> str:
    try:
        return await step()
    except (OSError, EOFError, TimeoutError) as error:
        return type(error).__name__


@dataclass
class Counting:
    """Increments over HTTP or RESP, to compare with what the server holds in the end."""

    sent: int = 0
    acknowledged: int = 0


def over_http(
    port: int, headers: dict[str, str], instance_id: str, key: str, counting: Counting
) -> Callable[[int], Step]:
    """INCR and GET by turns."""
    increment, read = json.dumps(["INCR", key]).encode(), json.dumps(["GET", key]).encode()

    def begin(_number: int) -> Step:
        connection, turns = Connection(port, headers), itertools.cycle((increment, read))

        async def step() -> str:
            body = next(turns)
            counting.sent += body is increment
            answer = await connection.ask("POST", f"/redis/{instance_id}", body)
            if answer.status != 200:
                return f"{answer.status} {answer.body[:60].decode()}"
            counting.acknowledged += body is increment
            return ""

        return step

    return begin


def pipelines(port: int, headers: dict[str, str], instance_id: str) -> Callable[[int], Step]:
    body = json.dumps([["SET", f"bench:{n}", "x" * 64] for n in range(PIPELINE)]).encode()

    def begin(_number: int) -> Step:
        connection = Connection(port, headers)

        async def step() -> str:
            answer = await connection.ask("POST", f"/redis/{instance_id}/pipeline", body)
            is_whole = answer.status == 200 and answer.body.count(b'"result"') == PIPELINE
            return "" if is_whole else f"{answer.status} {answer.body[:60].decode()}"

        return step

    return begin


def natively(
    port: int, user: str, token: str, key: str, counting: Counting
) -> Callable[[int], Step]:
    """INCR by a client that speaks to the server itself."""
    increment = pack([[b"INCR", key.encode()]])

    def begin(_number: int) -> Step:
        streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

        async def step() -> str:
            try:
                if not streams:
                    streams.append(await _log_in(port, user, token))
                reader, writer = streams[0]
                counting.sent += 1
                writer.write(increment)
                async with asyncio.timeout(10):
                    line = await reader.readuntil(b"\r\n")
            except BaseException:
                while streams:
                    streams.pop()[1].close()
                raise
            counting.acknowledged += line.startswith(b":")
            return "" if line.startswith(b":") else line.decode()[:60]

        return step

    return begin


async def _log_in(
    port: int, user: str, token: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(pack([[b"AUTH", user.encode(), token.encode()]]))
        if await reader.readuntil(b"\r\n") != b"+OK\r\n":
            writer.close()
            raise ConnectionError("not logged in")
    return reader, writer


def reading(port: int, headers: dict[str, str], paths: list[str]) -> Callable[[int], Step]:
    """GET one after another; anything but 200 is a failure."""

    def begin(number: int) -> Step:
        connection, turns = Connection(port, headers), itertools.cycle(paths)
        for _ in range(number):
            next(turns)

        async def step() -> str:
            path = next(turns)
            answer = await connection.ask("GET", path)
            return "" if answer.status == 200 else f"{answer.status} {path}"

        return step

    return begin


def inviting(port: int, headers: dict[str, str], organization_id: str) -> Callable[[int], Step]:
    """Invite people, each by a mail. An invitation is withdrawn at once: few may be open."""
    numbers = itertools.count()

    def begin(_number: int) -> Step:
        connection = Connection(port, {**headers, "Content-Type": "application/json"})
        path = f"/api/organizations/{organization_id}/invitations"

        async def step() -> str:
            person = {"email": f"person{next(numbers)}@example.com", "role": "viewer"}
            answer = await connection.ask("POST", path, json.dumps(person).encode())
            if answer.status != 201:
                return f"{answer.status} {answer.body[:80].decode()}"
            with suppress(OSError, EOFError, TimeoutError):
                await connection.ask("DELETE", f"{path}/{json.loads(answer.body)['id']}")
            return ""

        return step

    return begin

"""A proxy in front of a real server that does to its replies what bad networks do."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.gateway.raw_http import hang_up
from tests.waiting import until

CHANCE = 0.04
RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class Wire:
    """One connection of a client to the server."""

    writer: asyncio.StreamWriter
    chance: random.Random
    is_cut: bool = False
    """Nothing goes either way any more, and nobody is told: the other machine is gone."""

    def strikes(self) -> bool:
        return self.chance.random() < CHANCE


Fault = Callable[[Wire, bytes], Awaitable[None]]


async def none(wire: Wire, chunk: bytes) -> None:
    wire.writer.write(chunk)


async def delay(wire: Wire, chunk: bytes) -> None:
    await asyncio.sleep(wire.chance.random() * 0.02)
    wire.writer.write(chunk)


async def stall(wire: Wire, chunk: bytes) -> None:
    """Be later than anybody waits, now and then."""
    if wire.strikes():
        await asyncio.sleep(0.5)
    wire.writer.write(chunk)


async def drop(wire: Wire, chunk: bytes) -> None:
    if wire.strikes():
        wire.writer.close()
    else:
        wire.writer.write(chunk)


async def half(wire: Wire, chunk: bytes) -> None:
    if wire.strikes():
        wire.writer.write(chunk[: wire.chance.randrange(len(chunk))])
        wire.writer.close()
    else:
        wire.writer.write(chunk)


async def reset(wire: Wire, chunk: bytes) -> None:
    wire.writer.write(chunk)
    if wire.strikes():
        connection: socket.socket = wire.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        wire.writer.transport.abort()


async def one_byte(wire: Wire, chunk: bytes) -> None:
    for place in range(len(chunk)):
        wire.writer.write(chunk[place : place + 1])
        await asyncio.sleep(0)


async def garbage(wire: Wire, chunk: bytes) -> None:
    wire.writer.write(chunk + bytes([0xFF, 0, 13, 10]) * wire.strikes())


FAULTS: dict[str, Fault] = {
    fault.__name__: fault for fault in (none, delay, stall, drop, half, reset, one_byte, garbage)
}


@dataclass
class Proxy:
    """A proxy that runs."""

    port: int
    wires: set[Wire] = field(default_factory=set)

    def cut(self) -> None:
        """Lose the machine behind every connection there is; a further one finds it back."""
        for wire in self.wires:
            wire.is_cut = True

    def say(self, words: bytes) -> None:
        """Tell every client something that it didn't ask for."""
        for wire in self.wires:
            wire.writer.write(words)


@asynccontextmanager
async def fault_proxy(socket_path: str, fault: Fault, seed: int) -> AsyncIterator[Proxy]:
    """Listen on a port of 127.0.0.1 for as long as the context lasts."""
    chance = random.Random(seed)
    serving: set[asyncio.Task[None]] = set()

    async def serve(client: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        server, to_server = await asyncio.open_unix_connection(socket_path)
        wire = Wire(writer, chance)
        proxy.wires.add(wire)
        ways = (_ask(wire, client, to_server), _answer(wire, server, fault))
        tasks = [asyncio.create_task(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in tasks:
                way.cancel()
            await asyncio.wait(tasks)
            for end in (to_server, writer):
                await hang_up(end)
            proxy.wires.discard(wire)
            serving.discard(task)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        proxy = Proxy(listener.sockets[0].getsockname()[1])
        yield proxy
    await until(lambda: not serving, "the gateway has closed its connections")


async def _ask(wire: Wire, client: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await client.read(65536):
            if not wire.is_cut:
                to_server.write(chunk)


async def _answer(wire: Wire, server: asyncio.StreamReader, fault: Fault) -> None:
    with suppress(ConnectionError):
        while chunk := await server.read(65536):
            await fault(wire, chunk)
            await wire.writer.drain()

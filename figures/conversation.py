"""Ask one server for everything at once, without ever waiting for another one."""

import asyncio
import select
import socket
import time
from collections import Counter
from dataclasses import dataclass

import hiredis

from figures.counting import Seen
from figures.info import SECTIONS, Info, NotInfo
from instances.acl import ADMIN_USER
from instances.provisioners import own_traffic
from instances.provisioners.own_traffic import Cost, Snapshot, Tally
from redisgate.lib.resp import pack

PINGS = 2
"""The quickest counts: what slows one of them down is mostly ourselves."""
PING_WAITS_MS = 20
"""So long a PING is waited for with all else at rest, because nothing else shall be measured."""
PAUSE_SECONDS = 0.004

_PING = ("PING",)
# Everything that comes over the unix socket is the platform's or the command API's.
_OURS = ("CLIENT", "LIST", "FLAGS", "U")
_INFO = ("INFO", *SECTIONS)

Command = tuple[str, ...]
Reply = bytes | int | None | list["Reply"] | hiredis.HiredisError


class NoAnswer(Exception):
    """The server is away, silent, or has nothing to say now."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens to the platform, and what it wants to hear."""

    socket_path: str
    password: str


async def ask(address: Address, *, timeout_seconds: float) -> Seen:
    """Look at a server, or raise NoAnswer."""
    tally = own_traffic.with_server(address.socket_path)
    tally.begin()
    cost = Cost()
    try:
        async with asyncio.timeout(timeout_seconds):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                return await _look(_Line(connection, cost), address, tally)
    except (OSError, TimeoutError, NotInfo, hiredis.HiredisError) as error:
        raise NoAnswer(str(error) or "no answer in time") from error
    finally:
        tally.end(cost)


class _Line:
    """A connection that counts what it costs the server."""

    def __init__(self, connection: socket.socket, cost: Cost) -> None:
        connection.settimeout(0)
        self._socket = connection
        self._reader = hiredis.Reader()
        self._loop = asyncio.get_running_loop()
        self.cost = cost

    async def open(self, path: str) -> None:
        await self._loop.sock_connect(self._socket, path)

    async def send(self, *commands: Command) -> None:
        payload = pack(commands)
        await self._loop.sock_sendall(self._socket, payload)
        self.cost.bytes_in += len(payload)

    async def reply_to(self, command: Command) -> Reply:
        self.cost.sent(command)
        while (reply := self._reader.gets()) is False:
            data = await self._loop.sock_recv(self._socket, 65536)
            if not data:
                raise NoAnswer("the server closed the connection")
            self.cost.bytes_out += len(data)
            self._reader.feed(data)
        answer: Reply = reply
        if isinstance(answer, hiredis.ReplyError):
            self.cost.refused(command, str(answer))
        return answer

    async def call(self, command: Command) -> Reply:
        await self.send(command)
        return await self.reply_to(command)

    def wait(self, milliseconds: int) -> None:
        """Stand still until the server has answered, or the time is over."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        poll.poll(milliseconds)


async def _look(line: _Line, address: Address, tally: Tally) -> Seen:
    await line.open(address.socket_path)
    welcome = await line.call(("AUTH", ADMIN_USER, address.password))
    if isinstance(welcome, hiredis.ReplyError):
        raise NoAnswer(str(welcome))
    ping_us = min([await _ping(line) for _ in range(PINGS)])
    while True:
        before = tally.snapshot()
        if before.talking == 1:
            seen = await _counters(line, before, ping_us)
            # Somebody of ours who began to talk meanwhile would look like people's traffic.
            if tally.snapshot().begun == before.begun:
                return seen
        await asyncio.sleep(PAUSE_SECONDS)


async def _ping(line: _Line) -> int:
    began = time.perf_counter_ns()
    await line.send(_PING)
    line.wait(PING_WAITS_MS)
    quick_ns = time.perf_counter_ns() - began
    pong = await line.reply_to(_PING)
    if isinstance(pong, hiredis.ReplyError):
        raise NoAnswer(str(pong))
    is_quick = quick_ns < PING_WAITS_MS * 1_000_000
    return (quick_ns if is_quick else time.perf_counter_ns() - began) // 1000


async def _counters(line: _Line, others: Snapshot, ping_us: int) -> Seen:
    """Ask for the counters, and say which part of them is our own doing.

    The server counts a request when it has read it, a command when it has run, and a reply when
    it has been sent: INFO's own command and all replies of this round are in the next look.
    """
    written = line.cost.bytes_out
    await line.send(_OURS, _INFO)
    ours = await line.reply_to(_OURS)
    own = Cost(
        others.bytes_in + line.cost.bytes_in,
        others.bytes_out + written,
        Counter(others.commands) + line.cost.commands,
    )
    text = await line.reply_to(_INFO)
    if not isinstance(text, bytes):
        raise NoAnswer(str(text))
    # Servers that can't list by flag tell of all connections: leave out this one at least.
    count = ours.count(b"\n") if isinstance(ours, bytes) else 1
    return Seen(time.monotonic(), Info(text.decode(errors="replace")), own, count, ping_us)

"""Commands that wait, each alone on a connection of its own.

The server ends the wait itself, because the time-out in the command is never longer than the
request asked for. So what it says is what happened: no element is popped for nobody.
"""

import asyncio
import math
import re
from collections import Counter
from collections.abc import Callable

from gateway import policy
from gateway.errors import BadRequest, CommandTimeout, Restarting, TooManyWaiting, UnknownOutcome
from gateway.leases import Lease, Leases
from gateway.limits import Limits
from gateway.principals import Principal, Target
from gateway.resp import Command, Reply
from redisgate.lib.resp import pack

HEADER = b"redisgate-block"
# How much longer than asked for a reply may take before the server counts as stuck.
GRACE_SECONDS = 2.0
SECONDS = re.compile(rb"\+?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?")
MILLISECONDS = re.compile(rb"[0-9]{1,30}")


def milliseconds(header: bytes, limits: Limits) -> int:
    """Read ``Redisgate-Block``. Raises BadRequest."""
    most = int(limits.block_seconds * 1000)
    text = header.strip()
    if MILLISECONDS.fullmatch(text) is None or not 0 < int(text) <= most:
        raise BadRequest(f"Redisgate-Block must be a number of milliseconds from 1 to {most}")
    return int(text)


def capped(command: Command, most_milliseconds: int) -> Command:
    """Make the command wait no longer than that; 0, which means for ever, included.

    What is no time-out is left for the server to refuse, in its own words.
    """
    shorter = list(command)
    places, rewrite = _timeouts(command)
    for place in places:
        if place < len(command):
            shorter[place] = rewrite(command[place], most_milliseconds)
    return shorter


def _timeouts(command: Command) -> tuple[list[int], Callable[[bytes, int], bytes]]:
    """Find the arguments that say how long to wait, and what rewrites one in its unit."""
    name = command[0].upper()
    if name in (b"XREAD", b"XREADGROUP"):
        return [place + 1 for place in policy.block_options(command)], _milliseconds
    if name in (b"BLMPOP", b"BZMPOP"):
        return [1], _seconds
    is_in_milliseconds = name in (b"WAIT", b"WAITAOF")
    return [len(command) - 1], _milliseconds if is_in_milliseconds else _seconds


def _seconds(text: bytes, most: int) -> bytes:
    if SECONDS.fullmatch(text) is None or 0 < float(text) * 1000 <= most:
        return text
    return b"%d.%03d" % divmod(most, 1000)


def _milliseconds(text: bytes, most: int) -> bytes:
    if MILLISECONDS.fullmatch(text) is None or 0 < int(text) <= most:
        return text
    return b"%d" % most


class Waits:
    """Runs blocking commands and counts them. Belongs to one event loop."""

    def __init__(self, limits: Limits, leases: Leases) -> None:
        self._limits = limits
        self._leases = leases
        self._by_key: Counter[str] = Counter()
        self._waiting: set[Lease] = set()
        self._is_stopping = False

    @property
    def count(self) -> int:
        """Give how many wait now."""
        return self._by_key.total()

    async def run(
        self,
        principal: Principal,
        target: Target,
        command: Command,
        most_milliseconds: int,
        *,
        is_raw: bool = False,
    ) -> Reply:
        """Run one command that may wait. Raises RedisGateError.

        When the caller is cancelled the connection is closed, and the server forgets the wait.
        """
        if self._is_stopping:
            raise Restarting
        acl_user = principal.acl_user
        if self._by_key[acl_user] >= self._limits.blocking_per_key:
            raise TooManyWaiting("blocking commands", self._limits.blocking_per_key)
        self._by_key[acl_user] += 1
        try:
            lease = await self._leases.take(principal, target, is_raw=is_raw)
            return await self._wait(lease, capped(command, most_milliseconds), most_milliseconds)
        finally:
            self._by_key[acl_user] -= 1
            if not self._by_key[acl_user]:
                del self._by_key[acl_user]

    async def _wait(self, lease: Lease, command: Command, most_milliseconds: int) -> Reply:
        self._waiting.add(lease)
        try:
            return await self._ask(lease, command, most_milliseconds)
        finally:
            self._waiting.discard(lease)
            lease.close()

    async def _ask(self, lease: Lease, command: Command, most_milliseconds: int) -> Reply:
        seconds = most_milliseconds / 1000 + GRACE_SECONDS
        try:
            async with asyncio.timeout(seconds):
                [reply] = await lease.ask(pack([command]))
                return reply
        except TimeoutError:
            raise CommandTimeout(math.ceil(seconds)) from None
        except UnknownOutcome:
            if self._is_stopping:
                raise Restarting from None
            raise

    def stop(self) -> None:
        """End all waits; an element that has just been popped still reaches its reader."""
        self._is_stopping = True
        for lease in self._waiting:
            lease.say_no_more()

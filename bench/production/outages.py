"""One dependency after another goes away for a while, and comes back."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.production.ledger import Ledger
from bench.production.peers import Peer

CALM_SECONDS = 12
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.2
QUIET_SECONDS = 3
"""So long nothing may fail, before all is called well again."""


@dataclass(frozen=True, slots=True)
class Outage:
    """``hit`` and ``heal`` may block."""

    name: str
    hit: Callable[[], None]
    heal: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Course:
    """How it went: the seconds while it was away, those after, and when all was well again."""

    name: str
    away: range
    after: range
    recovered_after_seconds: float


def all_of(postgres: Peer, redis: Peer, mail: Peer, instance_pid: int) -> Sequence[Outage]:
    return (
        Outage("platform Redis killed", redis.kill, redis.start),
        Outage("platform Redis frozen", redis.freeze, redis.thaw),
        Outage("database killed", postgres.kill, postgres.start),
        Outage("database frozen", postgres.freeze, postgres.thaw),
        Outage("mail server killed", mail.kill, mail.start),
        Outage(
            "second instance frozen",
            lambda: os.kill(instance_pid, signal.SIGSTOP),
            lambda: os.kill(instance_pid, signal.SIGCONT),
        ),
    )


async def endure(outage: Outage, ledger: Ledger, seconds: float) -> Course:
    """Let it happen, and wait until nothing fails any more."""
    await asyncio.sleep(CALM_SECONDS)
    began = int(time.monotonic())
    await asyncio.to_thread(outage.hit)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(outage.heal)
    healed_at = time.monotonic()
    healed = int(healed_at) + 1
    await _until_quiet(ledger, healed_at + PATIENCE_SECONDS)
    well = int(time.monotonic())
    failing = [
        second
        for kind in ledger.kinds()
        for second in ledger.failing_seconds(kind, range(healed, well + 1))
    ]
    recovered = max(failing) + 1 - healed_at if failing else 0.0
    return Course(outage.name, range(began, healed), range(healed, well + 1), max(0.0, recovered))


async def _until_quiet(ledger: Ledger, deadline: float) -> None:
    while _is_failing(ledger, now := int(time.monotonic())) and now < deadline:  # noqa: ASYNC110
        await asyncio.sleep(PAUSE_SECONDS)


def _is_failing(ledger: Ledger, now: int) -> bool:
    lately = range(now - QUIET_SECONDS, now + 1)
    return any(ledger.failing_seconds(kind, lately) for kind in ledger.kinds())

"""What goes on: subscriptions and MONITOR, in batches that a page can take."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from console import outputs
from console.link import Link, LinkLost
from console.printing import printed
from console.replies import Reply

LINES = 5_000
BATCH_LINES = 100
BATCH_CHARACTERS = 1024 * 1024
BATCH_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Batch:
    """Some replies, printed; ``left_out`` counts those that came too fast."""

    texts: Sequence[str]
    left_out: int


class View:
    """Everything that a connection says from now on."""

    def __init__(self, link: Link, *, is_monitor: bool) -> None:
        self._link = link
        self._is_monitor = is_monitor
        self._texts: list[str] = []
        self._characters = 0
        self._left_out = 0
        self._came = asyncio.Event()

    async def batches(self) -> AsyncIterator[Batch]:
        """Give what comes until it has been enough or the connection is lost."""
        pump = asyncio.create_task(self._pump())
        shown = 0
        try:
            while shown < LINES and not (pump.done() and not self._texts):
                await self._came.wait()
                batch = self._take()
                shown += len(batch.texts)
                yield batch
                await asyncio.sleep(BATCH_SECONDS)
        finally:
            pump.cancel()

    async def _pump(self) -> None:
        with suppress(LinkLost):
            while True:
                self._add(await self._link.next())
                # Replies that are there already would keep the loop from all else.
                await asyncio.sleep(0)
        self._came.set()

    def _add(self, reply: Reply) -> None:
        text = outputs.monitored(reply) if self._is_monitor else printed(reply)
        if text is None:
            return
        if len(self._texts) < BATCH_LINES and self._characters < BATCH_CHARACTERS:
            self._texts.append(text)
            self._characters += len(text)
        else:
            self._left_out += 1
        self._came.set()

    def _take(self) -> Batch:
        batch = Batch(self._texts, self._left_out)
        self._texts, self._characters, self._left_out = [], 0, 0
        if self._link.is_usable:
            self._came.clear()
        return batch

"""The requests with an ``Idempotency-Key``, in the platform's database.

A row is written before anything is sent and says who runs the request. It goes away only when
its owner knows that nothing was sent, or after a day: whatever ends in between, nobody runs the
request a second time.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from django.db.models import Count, Sum
from django.utils import timezone

from gateway.conflicts import LedgerAway, TooMuchRemembered
from gateway.lookups import with_database
from redisgate.lib.errors import Unavailable
from redisgate.lib.units import MEGABYTE
from repeats import ledger as remembered
from repeats.models import RememberedRequest

T = TypeVar("T")

REQUESTS_MAX = 1_000_000
REPLY_BYTES_MAX = 256 * MEGABYTE
"""What one API key may have remembered at a time."""
COUNTED_SECONDS = 10.0
PRUNED_SECONDS = 60.0
PATIENCE_SECONDS = 5.0

log = logging.getLogger("redisgate.gateway")


class Ledger:
    """The ledger as one event loop uses it, over a thread and a connection of its own."""

    def __init__(
        self, *, requests_max: int = REQUESTS_MAX, reply_bytes_max: int = REPLY_BYTES_MAX
    ) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gateway-ledger")
        self._requests_max = requests_max
        self._reply_bytes_max = reply_bytes_max
        self._counted_at: dict[str, float] = {}
        self._pruned_at = time.monotonic()

    async def begin(self, wish: RememberedRequest) -> RememberedRequest | None:
        """Write the request down and return None, or return the earlier one of this name.

        Raises LedgerAway and TooMuchRemembered; then nothing may be sent.
        """
        try:
            return await self._call(lambda: self._begin(wish))
        except (Unavailable, TimeoutError) as error:
            # It may be written all the same, or later; in the thread this comes after that.
            self._thread.submit(_forget_quietly, wish)
            raise LedgerAway(log=repr(error)) from error

    async def note_answer(self, request: RememberedRequest) -> None:
        """Write down how the request was answered.

        Its commands have run, so a failure is only logged: later the outcome counts as unknown.
        """
        try:
            await self._call(lambda: remembered.note_answer(request))
        except (Unavailable, TimeoutError) as error:
            log.warning("the answer to %s was not written down: %r", request, error)

    async def forget(self, request: RememberedRequest) -> None:
        """Free the name: nothing of the request was sent."""
        await asyncio.wrap_future(self._thread.submit(_forget_quietly, request))

    async def close(self) -> None:
        """Write what is under way and give the connection back."""
        await asyncio.wrap_future(self._thread.submit(connections.close_all))
        self._thread.shutdown(wait=False)

    async def _call(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await loop.run_in_executor(self._thread, with_database, work)

    # On the thread

    def _begin(self, wish: RememberedRequest) -> RememberedRequest | None:
        self._prune()
        self._refuse_too_much(wish.caller)
        return remembered.begin(wish)

    def _refuse_too_much(self, caller: str) -> None:
        now = time.monotonic()
        if now - self._counted_at.get(caller, -COUNTED_SECONDS) < COUNTED_SECONDS:
            return
        kept = RememberedRequest.objects.filter(
            caller=caller, expires_at__gt=timezone.now()
        ).aggregate(requests=Count("pk"), reply_bytes=Sum("reply_bytes", default=0))
        if kept["requests"] >= self._requests_max:
            raise TooMuchRemembered(f"{self._requests_max} requests")
        if kept["reply_bytes"] >= self._reply_bytes_max:
            raise TooMuchRemembered(f"{self._reply_bytes_max} bytes of replies")
        self._counted_at[caller] = now

    def _prune(self) -> None:
        now = time.monotonic()
        if now - self._pruned_at < PRUNED_SECONDS:
            return
        self._counted_at.clear()
        if remembered.prune():
            self._pruned_at = now


def _forget_quietly(request: RememberedRequest) -> None:
    """Free the name, or leave it to end as unknown, which is safe."""
    try:
        with_database(lambda: remembered.forget(request))
    except Unavailable as error:
        log.warning("%s was not freed: %s", request, error.log)

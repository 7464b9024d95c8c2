"""What one event loop shares between its requests: look-ups, rate limits and connections."""

import asyncio
import mmap
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from apikeys.verification import TRUSTED_SECONDS
from gateway import lookups, rate_store, slow_commands
from gateway.blocking import Waits
from gateway.call import Admitted, Credentials, Head
from gateway.counting import Counting
from gateway.dialect_scripts import Scripts
from gateway.leases import Leases
from gateway.ledger import Ledger
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache, Outage
from gateway.principals import Principal, Target
from gateway.rates import Rates
from gateway.streams import Streams
from gateway.traced_upstreams import TracedUpstreams
from gateway.upstream import Upstreams
from gateway.warden import Warden
from observability import tracing

if TYPE_CHECKING:
    from gateway.publishing import Publisher

# Made before workers are forked, so that a script that came to one is known to all.
_scripts = mmap.mmap(-1, Scripts.SIZE_BYTES)

FINISH_SECONDS = 1.0
"""How long a worker that ends may take for what is under way."""
ADMISSIONS_MAX = 10_000
AHEAD_SECONDS = 0.25
"""How long before its end an answer that is in use is looked up anew."""


class Runtime:
    """Make it on the loop that will use it."""

    def __init__(
        self,
        limits: Limits,
        keys: LookupCache[str, Principal],
        instances: LookupCache[UUID, Target],
        neighbours: Path | None = None,
    ) -> None:
        """``neighbours`` is the directory where the workers of this machine find each other."""
        self.limits = limits
        self.keys = keys
        self.instances = instances
        self.rates = Rates(rate_store.configured())
        connections = TracedUpstreams if tracing.is_on() else Upstreams
        self.upstreams = connections(limits, keys.recheck)
        self.scripts = Scripts(_scripts)
        self.leases = Leases(limits, keys.recheck, self.upstreams.gate_of)
        self.streams = Streams(limits, self.leases, self._look_up, self._look_up_anew, neighbours)
        self.waits = Waits(limits, self.leases)
        self.warden = Warden(self.leases)
        self.ledger = Ledger()
        self.counting = Counting()
        self._publisher: Publisher | None = None
        self.admissions: dict[Credentials, Admitted] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def _look_up(self, token: str, instance_id: UUID) -> tuple[Principal, Target]:
        return await self.keys.get(token), await self.instances.get(instance_id)

    async def _look_up_anew(self, token: str, instance_id: UUID) -> tuple[Principal, Target]:
        return await self.keys.recheck(token), await self.instances.recheck(instance_id)

    def publish(self) -> None:
        """Bring what is counted to metrics and to the database from now on."""
        # Late, like all that brings prometheus_client along (see observability.metric_files).
        from gateway.publishing import Publisher

        self._publisher = Publisher(self.counting, self.upstreams.statistics)

    def stop_lasting(self) -> None:
        """End what would last longer than a worker has to end."""
        self.streams.stop()
        self.waits.stop()

    async def close(self) -> None:
        """Close every connection, and lose nothing of what was counted."""
        self.stop_lasting()
        await self.streams.close()
        await self.rates.close()
        if self._tasks:  # what goes on without its client
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        await self.upstreams.close()
        await self.ledger.close()
        if self._publisher is not None:
            await self._publisher.close()

    def remember(self, head: Head, principal: Principal, target: Target) -> Admitted:
        """Keep for equal credentials that the key was admitted, while both are fresh."""
        fresh_until = min(
            self.keys.trusted_until(head.token()), self.instances.trusted_until(target.instance_id)
        )
        if principal.expires_at is not None:
            left = principal.expires_at - datetime.now(UTC)
            fresh_until = min(fresh_until, monotonic() + left.total_seconds())
        if len(self.admissions) >= ADMISSIONS_MAX:
            self.admissions.clear()
        admitted = Admitted(principal, target, fresh_until)
        head.admitted = self.admissions[head.credentials()] = admitted
        return admitted

    def shorten(self, admitted: Admitted) -> None:
        """Note where the commands of this key go, now that the first have gone there."""
        principal, target = admitted.principal, admitted.target
        admitted.lane = self.upstreams.lane_of(principal, target)
        admitted.bucket = self.rates.bucket_of(principal)
        admitted.command_seconds = self.limits.command_seconds

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run what has to wait; the loop itself would forget a task that nobody holds."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


# A worker has one loop for its whole life; tests have many, one after another.
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Runtime] = WeakKeyDictionary()


def current() -> Runtime:
    """Give the running loop's own runtime, made on the first request."""
    loop = asyncio.get_running_loop()
    runtime = _by_loop.get(loop)
    if runtime is None:
        outage = Outage()
        instances = LookupCache(
            lookups.Instances().load,
            fresh_seconds=TRUSTED_SECONDS,
            is_passing=lambda it: bool(it.not_running),
            ahead_seconds=AHEAD_SECONDS,
            outage=outage,
        )
        keys = LookupCache(
            lookups.load_key,
            fresh_seconds=TRUSTED_SECONDS,
            ahead_seconds=AHEAD_SECONDS,
            outage=outage,
        )
        runtime = Runtime(settings.GATEWAY_LIMITS, keys, instances, settings.RUN_DIR)
        runtime.publish()
        if settings.SLOW_REQUEST_MS:
            runtime.counting.slow_seconds = settings.SLOW_REQUEST_MS / 1000
            runtime.counting.on_slow = slow_commands.tell
        _by_loop[loop] = runtime
    return runtime


async def close() -> None:
    """Close what the running loop has opened, if anything."""
    runtime = _by_loop.pop(asyncio.get_running_loop(), None)
    if runtime is not None:
        await runtime.close()
        await lookups.close()


def stop_lasting() -> None:
    """End the running loop's streams and waits, if any: the worker is about to end."""
    runtime = _by_loop.get(asyncio.get_running_loop())
    if runtime is not None:
        runtime.stop_lasting()


def install(runtime: Runtime) -> None:
    """Use this one on the running loop."""
    _by_loop[asyncio.get_running_loop()] = runtime

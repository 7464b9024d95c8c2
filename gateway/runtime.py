"""What one event loop shares between its requests: look-ups, rate limits and connections."""

import asyncio
import mmap
from collections.abc import Coroutine
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from gateway import lookups, rate_store
from gateway.dialect_scripts import Scripts
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from gateway.rates import Rates
from gateway.upstream import Upstreams

# Made before workers are forked, so that a script that came to one is known to all.
_scripts = mmap.mmap(-1, Scripts.SIZE_BYTES)


class Runtime:
    """Make it on the loop that will use it."""

    def __init__(
        self,
        limits: Limits,
        keys: LookupCache[str, Principal],
        instances: LookupCache[UUID, Target],
    ) -> None:
        self.limits = limits
        self.keys = keys
        self.instances = instances
        self.rates = Rates(rate_store.configured())
        self.upstreams = Upstreams(limits, keys.recheck)
        self.scripts = Scripts(_scripts)
        self._tasks: set[asyncio.Task[None]] = set()

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
        instances = LookupCache(lookups.load_instance, is_passing=lambda it: bool(it.not_running))
        runtime = Runtime(settings.GATEWAY_LIMITS, LookupCache(lookups.load_key), instances)
        _by_loop[loop] = runtime
    return runtime


async def close() -> None:
    """Close what the running loop has opened, if anything."""
    runtime = _by_loop.pop(asyncio.get_running_loop(), None)
    if runtime is not None:
        await runtime.rates.close()
        await runtime.upstreams.close()
        await lookups.close()


def install(runtime: Runtime) -> None:
    """Use this one on the running loop."""
    _by_loop[asyncio.get_running_loop()] = runtime

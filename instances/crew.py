"""Threads that do the provisioners' slow work, at most one piece for an instance at a time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from uuid import UUID

from instances.notebook import Users
from instances.provisioners.base import Observation
from instances.spec import DriverState
from instances.steps import Deed, Start
from redisgate.lib import log_context

LOOKERS = 16
DOERS = 64
STARTS_AT_ONCE = 4
SLOW_START_SECONDS = 2.0

Result = Observation | DriverState | str | None


@dataclass(frozen=True, slots=True)
class Look:
    """Observe, and decide nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work, and who may log in as far as the work knows."""

    instance_id: UUID
    work: Look | Deed
    users: Users


@dataclass(frozen=True, slots=True)
class Outcome:
    task: Task
    result: Result
    error: BaseException | None


class Crew:
    """Lookers and doers apart, so that slow deeds never make the loop blind."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="look")
        self._doers = ThreadPoolExecutor(DOERS, thread_name_prefix="do")
        self._busy: dict[UUID, tuple[Task, float, Future[Result]]] = {}
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()

    def is_busy(self, instance_id: UUID) -> bool:
        return instance_id in self._busy

    def may_start(self) -> bool:
        """Say whether one more server may start now: a few at a time.

        Slow starters don't count for long, so they hold up nobody.
        """
        recent = monotonic() - SLOW_START_SECONDS
        starting = [
            task
            for task, since, _ in self._busy.values()
            if isinstance(task.work, Start) and since > recent
        ]
        return len(starting) < STARTS_AT_ONCE

    def submit(self, task: Task, call: Callable[[], Result]) -> None:
        pool = self._lookers if isinstance(task.work, Look) else self._doers
        future = pool.submit(_about, task.instance_id, call)
        self._busy[task.instance_id] = task, monotonic(), future
        future.add_done_callback(partial(self._done, task))

    def outcomes(self) -> list[Outcome]:
        """Return what has ended since the last call."""
        ended: list[Outcome] = []
        while True:
            try:
                outcome = self._outcomes.get_nowait()
            except Empty:
                return ended
            del self._busy[outcome.task.instance_id]
            ended.append(outcome)

    def finish(self, timeout_seconds: float) -> None:
        """Wait for everything in flight, but not for ever."""
        wait([future for _, _, future in self._busy.values()], timeout_seconds)

    def close(self) -> None:
        self._lookers.shutdown(wait=False, cancel_futures=True)
        self._doers.shutdown(wait=False, cancel_futures=True)

    def _done(self, task: Task, future: Future[Result]) -> None:
        if future.cancelled():
            return
        error = future.exception()
        self._outcomes.put(Outcome(task, None if error else future.result(), error))
        self._ring()


def _about(instance_id: UUID, call: Callable[[], Result]) -> Result:
    with log_context.scope(instance=instance_id):
        return call()

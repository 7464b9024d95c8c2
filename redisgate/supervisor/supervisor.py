"""Keep the processes of a platform running, and stop them in order."""

import logging
import select
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from redisgate.supervisor import wakeup
from redisgate.supervisor.child import Child
from redisgate.supervisor.roles import Role, stop_order

log = logging.getLogger("redisgate.up")

TICK_SECONDS = 0.5
STARTING_TICK_SECONDS = 0.05
SAME_REQUEST_SECONDS = 0.3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """A loop that wakes up for signals, ends of children and starts that are due."""

    def __init__(self, roles: Sequence[Role], *, is_ready: Callable[[], bool]) -> None:
        self._roles = tuple(roles)
        self._children = {role.name: Child(role) for role in roles}
        self._is_ready = is_ready
        self._stop_requests = 0
        self._last_request_at = 0.0
        self._wakeup = wakeup.open_pipe()

    def run(self, *, when_ready: Callable[[], None], before_stop: Callable[[], None]) -> None:
        """Run until somebody asks us to stop; return when everything has stopped."""
        self._watch_signals()
        is_announced = False
        try:
            while not self._stop_requests:
                self._start_what_is_due()
                self._report_ends()
                self._end_what_hangs()
                if not is_announced and self._is_ready():
                    is_announced = True
                    when_ready()
                self._wait(TICK_SECONDS if is_announced else STARTING_TICK_SECONDS)
        finally:
            before_stop()
            self._stop_all()

    def _watch_signals(self) -> None:
        for number in STOP_SIGNALS:
            # nohup ignores SIGHUP for a reason; SIGINT is ignored by shells for `… &`, where
            # a SIGINT sent to us on purpose must count all the same.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._request_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only to wake up

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        # `make` and the terminal may both pass on one and the same wish.
        if time.monotonic() - self._last_request_at > SAME_REQUEST_SECONDS:
            self._stop_requests += 1
        self._last_request_at = time.monotonic()

    def _start_what_is_due(self) -> None:
        for child in self._children.values():
            if child.is_due():
                child.start()

    def _report_ends(self) -> None:
        for child in self._children.values():
            if (code := child.ended()) is not None:
                wait = child.start_later()
                log.warning("%s ended (%s), starts again in %.1f s", child.role.name, code, wait)

    def _end_what_hangs(self) -> None:
        for child in self._children.values():
            if child.is_hung():
                child.kill()
                wait = child.start_later()
                log.warning("%s hangs and is killed, starts again in %.1f s", child.role.name, wait)

    def _wait(self, seconds: float) -> None:
        if select.select([self._wakeup], [], [], seconds)[0]:
            wakeup.drain(self._wakeup)

    def _stop_all(self) -> None:
        for role in stop_order(self._roles):
            self._stop(self._children[role.name])

    def _stop(self, child: Child) -> None:
        """Ask, wait, insist. Another Ctrl-C ends the wait."""
        deadline = time.monotonic() + child.role.grace_seconds
        child.terminate()
        while child.pid is not None and child.ended() is None:
            if time.monotonic() > deadline or self._stop_requests > child.role.patience:
                log.warning("%s didn't stop in time and is killed", child.role.name)
                child.kill()
                return
            self._wait(TICK_SECONDS)

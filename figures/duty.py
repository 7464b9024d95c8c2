"""What the controller that holds the lease does for figures, beside the control loop."""

import logging
import time
from collections.abc import Callable
from threading import Event

from django.db import connection

from figures import own_costs, rolling, store
from figures.addresses import addresses_of, running
from figures.sampler import Sampler
from instances.duties import Duty, note_turn
from redisgate.lib import database_refusal

log = logging.getLogger(__name__)

NAME = "figures"
TURN_SECONDS = 0.25
WRITE_SECONDS = 1.0
ROLL_UP_SECONDS = 5.0
PRUNE_SECONDS = 60.0


def run(end: Event) -> None:
    """Sample, roll up and prune until the end, or until another controller holds the lease."""
    shift = _Shift(store.current_fence())
    try:
        while not end.is_set() and not shift.is_over:
            began = time.monotonic()
            shift.go_on()
            end.wait(max(0.0, began + TURN_SECONDS - time.monotonic()))
    finally:
        shift.sampler.close()


class _Shift:
    """The work under one lease."""

    def __init__(self, fence: int) -> None:
        self.is_over = False
        self.sampler = Sampler(fence, clock=time.time)
        self._fence = fence
        self._is_database_away = False
        self._rounds = (
            _Round(WRITE_SECONDS, self._look_around),
            _Round(ROLL_UP_SECONDS, lambda: rolling.roll_up(int(time.time()), fence=fence)),
            _Round(PRUNE_SECONDS, lambda: rolling.prune(int(time.time()))),
        )

    def go_on(self) -> None:
        """Ask who is due, and do the rest; while the database is away samples wait for it."""
        self.sampler.turn(TURN_SECONDS)
        try:
            for each in self._rounds:
                each.go()
        except database_refusal.AWAY_OR_REFUSED as error:
            if not self._is_database_away:
                log.error("Figures can't be written now: %s", error)
            self._is_database_away = True
            connection.close()
        else:
            self._is_database_away = False
            note_turn(NAME)

    def _look_around(self) -> None:
        self.sampler.write()
        self.sampler.watch(running(), addresses_of)
        self.sampler.learn(own_costs.take())
        self.is_over = store.current_fence() != self._fence


class _Round:
    """Something to do again and again."""

    def __init__(self, every_seconds: float, do: Callable[[], object]) -> None:
        self._every = every_seconds
        self._do = do
        self._done_at = 0.0

    def go(self) -> None:
        if time.monotonic() - self._done_at >= self._every:
            self._do()
            self._done_at = time.monotonic()


DUTY = Duty(NAME, run, every_seconds=WRITE_SECONDS)

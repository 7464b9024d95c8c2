"""Work that rooms above want done beside the control loop, by whoever holds the lease.

Rooms register a duty when Django starts. Each controller that holds the lease runs every duty on
a thread of its own, and ends it when the lease is lost or the controller stops.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic

from django.db import connections
from django.utils import timezone

from redisgate.lib import database_refusal

log = logging.getLogger(__name__)

END_SECONDS = 3.0
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Duty:
    """``run`` works until the event is set, and comes back soon after.

    It calls `note_turn` whenever it has come round, which is each ``every_seconds`` if all is well.
    """

    name: str
    run: Callable[[Event], None]
    every_seconds: float


def repeated(name: str, chore: Callable[[], object], *, every_seconds: float) -> Duty:
    """Make a duty of a chore; one that the database can't serve now waits for its next turn."""

    def run(end: Event) -> None:
        while not end.is_set():
            try:
                chore()
            except database_refusal.AWAY_OR_REFUSED as error:
                log.debug("%s waits for the database: %s", name, error)
                connections.close_all()
            else:
                note_turn(name)
                connections.close_all()  # others may have them until the next turn
            end.wait(every_seconds)

    return Duty(name, run, every_seconds)


_duties: dict[str, Duty] = {}
_turns: dict[str, datetime] = {}


def register(duty: Duty) -> None:
    _duties[duty.name] = duty


def registered() -> tuple[Duty, ...]:
    return tuple(_duties.values())


def note_turn(name: str) -> None:
    """Remember that a duty has come round. Any thread may call."""
    _turns[name] = timezone.now()


def last_turns() -> dict[str, str]:
    """Give by name when each duty of this process came round last, as ISO 8601."""
    return {name: at.isoformat() for name, at in list(_turns.items())}


class OnDuty:
    """The duties of one controller, under way as long as it holds the lease."""

    def __init__(self) -> None:
        self._end = Event()
        self._threads: list[Thread] = []

    def begin(self) -> None:
        """Begin every duty, unless they are under way."""
        if self._threads:
            return
        self._end = Event()
        for duty in registered():
            thread = Thread(
                target=_keep_running, args=(duty, self._end), name=duty.name, daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """End them and wait a moment for those that are slow."""
        self._end.set()
        deadline = monotonic() + END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        self._threads.clear()


def _keep_running(duty: Duty, end: Event) -> None:
    while not end.is_set():
        try:
            duty.run(end)
        except Exception:
            log.exception("%s broke; it begins again", duty.name)
        finally:
            connections.close_all()
        end.wait(RETRY_SECONDS)

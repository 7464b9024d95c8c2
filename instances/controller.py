"""The control loop: look at every server, ask the reconciler, do what it says.

One thread does all that touches the database. The provisioners' work runs on a crew of other
threads, at most one piece for an instance, so no instance waits for another's trouble.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from django.db import connection

from instances import markings
from instances.caretaker import Caretaker
from instances.crew import Crew
from instances.drivers import driver
from instances.duties import OnDuty
from instances.lease import CONTROLLER, Tenure
from instances.models import Instance
from instances.notebook import Notebook
from instances.provisioners.base import Provisioner
from instances.provisioners.external import ExternalProvisioner
from instances.states import Health, Status, Wish
from instances.steps import Mark, Stop
from instances.their_server import is_adopted
from instances.wake import Bell
from redisgate.lib import database_refusal, direct_database, pulse

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5
LOOK_AT_CALM_EVERY_SECONDS = 1.5
"""A server that is as wished and whose end would be heard."""
LOOK_AT_STOPPED_EVERY_SECONDS = 5.0
DATABASE_RETRY_SECONDS = 1.0
STOP_ALL_SECONDS = 25.0
STOPPED_WITH_PLATFORM = "Stopped together with RedisGate, and starts with it again."


class Controller:
    """Keeps servers as people wish them, while it holds the lease."""

    def __init__(
        self, *, driver_of: Callable[[str], Provisioner] = driver, holder: str | None = None
    ) -> None:
        self.bell = Bell()
        self._tenure = Tenure(holder)
        self._notebook = Notebook()
        self._crew = Crew(self.bell.ring)
        self._caretaker = Caretaker(
            self._crew, self._notebook, self.bell.ends, driver_of, self._tenure.is_sure
        )
        self._on_duty = OnDuty()
        self._looked_around_at = 0.0
        self._is_database_away = False
        self._pulse = pulse.of(CONTROLLER)

    def run(self, must_stop: Callable[[], bool]) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not must_stop():
            pulse.beat(self._pulse)
            try:
                self.turn()
            except database_refusal.AWAY_OR_REFUSED as error:
                self._wait_for_database(error)

    def turn(self) -> None:
        """Sleep until there is something to do, half a second at most, and do it."""
        was_called = self.bell.wait(self._looked_around_at + LOOK_EVERY_SECONDS - monotonic())
        if not self._tenure.hold():
            self._stand_by()
            return
        self._on_duty.begin()
        self.bell.listen()
        self._caretaker.settle(self._crew.outcomes())
        was_called |= self._caretaker.may_catch_up()
        self._look_at_ended()
        is_time = monotonic() - self._looked_around_at >= LOOK_EVERY_SECONDS
        if is_time or was_called:
            self._look_around(everywhere=is_time)
        if self._is_database_away:
            self._is_database_away = False
            log.info("The database is back.")

    def stop_all(self) -> None:
        """Save and end every server. The wishes stay, so the next loop starts them again."""
        if not self._tenure.hold():
            return
        self._crew.finish(STOP_ALL_SECONDS)
        self._crew.outcomes()
        up = Instance.objects.exclude(status__in=[Status.STOPPED, Status.DELETING])
        for instance in up.exclude(wish=Wish.DELETED):
            if not self._crew.is_busy(instance.pk):
                self._caretaker.do(instance, Stop())
        self._crew.finish(STOP_ALL_SECONDS)
        ended = [o.task.instance_id for o in self._crew.outcomes() if o.error is None]
        for instance in Instance.objects.filter(pk__in=ended, status=Status.STOPPING):
            markings.write(instance, Mark(Status.STOPPED, detail=STOPPED_WITH_PLATFORM))

    def close(self) -> None:
        """Hand the lease back; the servers run on."""
        self._on_duty.end()
        self._crew.close()
        self.bell.close()
        # A lease that can't be handed back lapses by itself.
        with suppress(*database_refusal.AWAY):
            self._tenure.end()

    def _stand_by(self) -> None:
        """Forget what was seen and done while we led; whoever leads now sees for himself."""
        self._on_duty.end()
        self.bell.ends.forget_all()
        self._crew.outcomes()
        self._notebook.clear()
        self._looked_around_at = monotonic()

    def _look_around(self, *, everywhere: bool) -> None:
        if everywhere:
            self._looked_around_at = monotonic()
        for instance in Instance.objects.order_by("status_at"):
            is_due = self._is_due(instance) if everywhere else _is_unsettled(instance)
            if is_due and not self._crew.is_busy(instance.pk):
                self._caretaker.look(instance)

    def _look_at_ended(self) -> None:
        for instance in Instance.objects.filter(pk__in=self.bell.ends.heard()):
            # One that is being worked on is looked at when that is done.
            if not self._crew.is_busy(instance.pk):
                self._caretaker.look(instance)

    def _is_due(self, instance: Instance) -> bool:
        pause = 0.0
        if instance.status == Status.STOPPED and instance.wish == Wish.STOPPED:
            pause = LOOK_AT_STOPPED_EVERY_SECONDS
        elif instance.pk in self.bell.ends and _is_calm(instance):
            pause = LOOK_AT_CALM_EVERY_SECONDS
        elif is_adopted(instance) and not _is_unsettled(instance):
            # It is somebody else's, and a look costs them a connection.
            pause = ExternalProvisioner.rest_seconds
        return self._notebook.page(instance.pk).seconds_since_look() >= pause

    def _wait_for_database(self, error: Exception) -> None:
        if not self._is_database_away:
            log.error("The database is away; the servers run on. %s", direct_database.reason(error))
        self._is_database_away = True
        connection.close()
        self.bell.wait(DATABASE_RETRY_SECONDS)


def _is_calm(instance: Instance) -> bool:
    return instance.health == Health.HEALTHY and not _is_unsettled(instance)


def _is_unsettled(instance: Instance) -> bool:
    return (
        instance.status != instance.wish
        or instance.restart_done < instance.restart_wish
        or instance.acl_done < instance.acl_wish
        or instance.settings_done < instance.settings_wish
    )

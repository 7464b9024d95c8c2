"""What the controller that holds the lease does for statements and limits."""

import logging
from threading import Event

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from instances.duties import Duty
from metering import sealing
from quotas import notices
from redisgate.lib.errors import Unavailable

log = logging.getLogger("redisgate.metering")

LOOK_EVERY_SECONDS = 30.0


def run(end: Event) -> None:
    """Seal months and look at limits again and again until the end."""
    while not end.is_set():
        try:
            sealing.seal_what_is_due(timezone.now())
            notices.look_at_all()
        except (OperationalError, InterfaceError, Unavailable) as error:
            log.debug("Nothing can be counted now: %s", error)
            connection.close()
        end.wait(LOOK_EVERY_SECONDS)


DUTY = Duty("metering", run)

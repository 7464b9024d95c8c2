"""Whether somebody runs the control loop."""

from django.db import Error
from django.utils import timezone

from instances import lease
from instances.models import Lease
from observability import health
from observability.health import Component, Unhealthy


async def _controller() -> None:
    try:
        is_led = await health.query(_is_led)
    except Error:
        raise Unhealthy("Nobody knows: the database doesn't answer.") from None
    if not is_led:
        raise Unhealthy("No controller runs: instances go on, but none is started or stopped.")


def _is_led() -> bool:
    fresh = Lease.objects.filter(name=lease.CONTROLLER, expires_at__gt=timezone.now())
    return fresh.exists()


CONTROLLER = Component("controller", _controller, asks="database")

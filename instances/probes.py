"""Whether somebody runs the control loop."""

from django.utils import timezone

from instances import lease
from instances.models import Lease
from observability.health import Component, Unhealthy


async def _controller() -> None:
    fresh = Lease.objects.filter(name=lease.CONTROLLER, expires_at__gt=timezone.now())
    if not await fresh.aexists():
        raise Unhealthy("No controller runs: instances go on, but none is started or stopped.")


CONTROLLER = Component("controller", _controller)

"""What the controller that holds the lease does for statements and limits."""

from django.utils import timezone

from instances import duties
from metering import sealing
from quotas import notices

LOOK_EVERY_SECONDS = 30.0


def look() -> None:
    """Seal months and look at limits."""
    sealing.seal_what_is_due(timezone.now())
    notices.look_at_all()


DUTY = duties.repeated("metering", look, every_seconds=LOOK_EVERY_SECONDS)

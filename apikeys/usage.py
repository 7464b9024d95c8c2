"""When keys were last used, to the minute, so that writing it down costs next to nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apikeys.models import ApiKey

PRECISION = timedelta(minutes=1)


def is_due(last_used_at: datetime | None) -> bool:
    """Tell whether a use now is news. Pure, for the request's way."""
    return last_used_at is None or timezone.now() - last_used_at >= PRECISION


def note(key_id: UUID) -> None:
    """Write down that the key is in use. Never on the request's way."""
    now = timezone.now()
    # Of several workers that see the same news, one writes.
    earlier = Q(last_used_at=None) | Q(last_used_at__lte=now - PRECISION)
    ApiKey.objects.filter(earlier, pk=key_id).update(last_used_at=now)

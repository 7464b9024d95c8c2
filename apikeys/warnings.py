"""Write to people before a key of theirs expires: once for each warning, whoever sends it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from apikeys import deadlines
from apikeys.models import ApiKey
from instances import duties
from mail import messages
from orgs.members import in_charge

EVERY_SECONDS = 60.0
AT_ONCE = 500


def send_due(now: datetime) -> int:
    """Send the warnings that are due, and tell of how many keys."""
    soon = now + timedelta(days=max(deadlines.DAYS))
    ending = ApiKey.objects.unrevoked().filter(expires_at__gt=now, expires_at__lte=soon)
    unheard = Q(warned_days=None) | Q(warned_days__gt=min(deadlines.DAYS))
    loud = ending.filter(unheard).exclude(is_quiet=True).select_related("organization")
    return sum(_warn(key, now) for key in loud.order_by("expires_at")[:AT_ONCE])


def _warn(key: ApiKey, now: datetime) -> bool:
    assert key.expires_at is not None
    days = deadlines.due(key.expires_at, now)
    if days is None or (key.warned_days is not None and key.warned_days <= days):
        return False
    with transaction.atomic():
        # The UPDATE is the lock: of two controllers one sees a changed row, and an end that was
        # moved meanwhile isn't warned of.
        same = ApiKey.objects.unrevoked().filter(pk=key.pk, expires_at=key.expires_at)
        same = same.filter(warned_days=key.warned_days).exclude(is_quiet=True)
        if not same.update(warned_days=days):
            return False
        for person in in_charge.people(key.organization_id, besides=key.created_by_id):
            messages.send("apikeys/email/expiring", to=person.email, context=_context(key, person))
    return True


def _context(key: ApiKey, person: User) -> dict[str, object]:
    page = reverse("apikeys:detail", args=[key.organization.slug, key.pk])
    return {"key": key, "person": person, "key_url": settings.PUBLIC_URL.rstrip("/") + page}


DUTY = duties.repeated(
    "warnings of expiring keys", lambda: send_due(timezone.now()), every_seconds=EVERY_SECONDS
)

"""One control loop at a time: a row that its holder renews, taken over when he is gone."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db.models import F, Q
from django.utils import timezone

from instances.models import Lease
from redisgate.lib.process_name import is_alive, own_name

log = logging.getLogger(__name__)

CONTROLLER = "controller"
LIFETIME = timedelta(seconds=6)
RENEW_EVERY_SECONDS = 1.5


class Silence:
    """How long a lease has not been renewed, by our own clock: the holder's may be wrong."""

    def __init__(self) -> None:
        self._seen: tuple[int, datetime] | None = None
        self._since = 0.0

    def is_too_long(self, lease: Lease) -> bool:
        seen = lease.fence, lease.expires_at
        if seen != self._seen:
            self._seen, self._since = seen, monotonic()
        return monotonic() - self._since >= LIFETIME.total_seconds()


def acquire(
    holder: str, now: datetime, *, name: str = CONTROLLER, silence: Silence | None = None
) -> int | None:
    """Take the lease if it is free and return its fence, which grows with every new holder."""
    lease, _ = Lease.objects.get_or_create(
        name=name, defaults={"holder": "", "expires_at": now - LIFETIME}
    )
    is_free = Q(expires_at__lte=now)
    if lease.holder in {"", holder} or is_alive(lease.holder) is False:
        is_free |= Q(holder=lease.holder)
    if silence is not None and silence.is_too_long(lease):
        is_free |= Q(expires_at=lease.expires_at)
    # Of two that saw the same fence exactly one changes the row.
    mine = Lease.objects.filter(is_free, name=name, fence=lease.fence)
    if mine.update(holder=holder, expires_at=now + LIFETIME, fence=F("fence") + 1) == 0:
        return None
    return lease.fence + 1


def renew(holder: str, fence: int, now: datetime, *, name: str = CONTROLLER) -> bool:
    """Keep the lease, or return False when somebody else has it."""
    mine = Lease.objects.filter(name=name, holder=holder, fence=fence)
    return mine.update(expires_at=now + LIFETIME) == 1


def release(holder: str, fence: int, now: datetime, *, name: str = CONTROLLER) -> None:
    """Let the next holder begin at once."""
    mine = Lease.objects.filter(name=name, holder=holder, fence=fence)
    mine.update(holder="", expires_at=now)


class Tenure:
    """One process's hold on the lease, from first to last."""

    def __init__(self, holder: str | None = None) -> None:
        self._holder = holder or own_name()
        self._fence: int | None = None
        self._renewed_at = 0.0
        self._silence = Silence()

    @property
    def is_held(self) -> bool:
        return self._fence is not None

    def is_sure(self) -> bool:
        """Say whether nobody else can have taken it yet, without asking. Any thread may call."""
        return self.is_held and monotonic() - self._renewed_at < LIFETIME.total_seconds()

    def hold(self) -> bool:
        """Take, keep or renew the lease, and say whether it is ours now."""
        if self._fence is not None and monotonic() - self._renewed_at < RENEW_EVERY_SECONDS:
            return True
        # Taken before asking: an answer may come late, and a stopped process sees it later still.
        asked_at, now = monotonic(), timezone.now()
        if self._fence is None:
            self._fence = acquire(self._holder, now, silence=self._silence)
            if self._fence is not None:
                log.debug("Took the lead with fence %d.", self._fence)
        elif not renew(self._holder, self._fence, now):
            log.warning("Another controller has taken over; this one waits.")
            self._fence = None
        self._renewed_at = asked_at
        return self.is_held

    def end(self) -> None:
        """Let the next holder begin at once."""
        if self._fence is not None:
            release(self._holder, self._fence, timezone.now())
            self._fence = None

"""One control loop at a time: a row that its holder renews, taken over when he is gone."""

import logging
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.db.models import F, Q
from django.utils import timezone

from instances.models import Lease

log = logging.getLogger(__name__)

CONTROLLER = "controller"
LIFETIME = timedelta(seconds=6)
RENEW_EVERY_SECONDS = 1.5


def holder_id() -> str:
    """Name this process so that another one on this host can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started_at(os.getpid())}"


def acquire(holder: str, now: datetime, *, name: str = CONTROLLER) -> int | None:
    """Take the lease if it is free and return its fence, which grows with every new holder."""
    lease, _ = Lease.objects.get_or_create(
        name=name, defaults={"holder": "", "expires_at": now - LIFETIME}
    )
    is_free = Q(expires_at__lte=now)
    if lease.holder == holder or is_dead(lease.holder):
        is_free |= Q(holder=lease.holder)
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
    Lease.objects.filter(name=name, holder=holder, fence=fence).update(expires_at=now)


def is_dead(holder: str) -> bool:
    """Say whether the holder was a process of this host that has ended.

    The start time tells a reused pid apart. Of other hosts we know nothing: False.
    """
    host, _, process = holder.rpartition(":")[0].rpartition(":")
    started_at = holder.rpartition(":")[2]
    if host != socket.gethostname() or not process.isdigit():
        return False
    return _started_at(int(process)) != started_at


def _started_at(pid: int) -> str:
    """Return the process's start in clock ticks since boot; empty when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # The name in brackets may itself hold brackets and spaces, so count from the last one.
    state, *fields = text.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]


class Tenure:
    """One process's hold on the lease, from first to last."""

    def __init__(self, holder: str | None = None) -> None:
        self._holder = holder or holder_id()
        self._fence: int | None = None
        self._renewed_at = 0.0

    @property
    def is_held(self) -> bool:
        return self._fence is not None

    def hold(self) -> bool:
        """Take, keep or renew the lease, and say whether it is ours now."""
        if self._fence is not None and monotonic() - self._renewed_at < RENEW_EVERY_SECONDS:
            return True
        now = timezone.now()
        if self._fence is None:
            self._fence = acquire(self._holder, now)
            if self._fence is not None:
                log.info("This controller leads now (fence %d).", self._fence)
        elif not renew(self._holder, self._fence, now):
            log.warning("Another controller has taken over; this one waits.")
            self._fence = None
        self._renewed_at = monotonic()
        return self.is_held

    def end(self) -> None:
        """Let the next holder begin at once."""
        if self._fence is not None:
            release(self._holder, self._fence, timezone.now())
            self._fence = None

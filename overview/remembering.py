"""What was read of many servers, kept for a moment: by the cache for all processes, and while there
is none, for everybody who asks this one."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.conf import settings

from audit import versions
from redisgate.lib.cache import Kept
from redisgate.lib.remembering import Remembered

SEVERAL = 10
"""Of fewer servers nothing is kept: to read them takes as long as to ask the cache."""
MANY = 50
"""Of fewer servers it is read anew each time: that takes a few milliseconds."""
KEPT = 8
"""So many organizations are remembered; the oldest make room."""

T = TypeVar("T")


def kept_of_many(
    kept: Kept[T],
    remembered: Remembered[UUID, T],
    organization_id: UUID,
    servers: Sequence[UUID],
    read: Callable[[], T],
) -> T:
    """Give what is kept of exactly these servers, or read it."""

    def remember() -> T:
        return remembered.of(organization_id, read) if len(servers) >= MANY else read()

    if len(servers) < SEVERAL or not settings.CACHE_REDIS:
        return remember()
    # Another server more or less is another thing, and so is what somebody has just changed.
    which = hashlib.sha256(b"".join(sorted(each.bytes for each in servers))).hexdigest()[:16]
    return kept.of(organization_id, which, versions.of(organization_id), make=remember)

"""When keys were last used. The gateway counts in memory and tells us now and then."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apikeys.models import ApiKey
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def note(last_used: Mapping[UUID, datetime]) -> None:
    """Write the latest use of each key; of several workers the latest moment stays."""
    with transaction.atomic():
        for key_id, moment in last_used.items():
            earlier = Q(last_used_at=None) | Q(last_used_at__lt=moment)
            ApiKey.objects.filter(earlier, pk=key_id).update(last_used_at=moment)

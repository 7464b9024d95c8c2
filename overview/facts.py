"""What the hints are made of, each in one query."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from apikeys import deadlines
from apikeys.models import ApiKey, ApiKeyQuerySet, KeyUsage
from figures import lines
from figures.levels import DAY, MINUTE
from figures.windows import Range, up_to
from instances import lease
from instances.models import Lease
from orgs.models import Organization
from orgs.roles import Role
from overview.headline import DAY_HOURS, Requests
from overview.hints import TOGETHER
from overview.memory_hints import LongLine
from overview.other_hints import UNUSED_AFTER, Key, Several
from overview.remembering import KEPT, kept_of_many
from redisgate.lib.cache import Kept
from redisgate.lib.remembering import Remembered

LongLines = Mapping[UUID, LongLine]


def _written(lines: LongLines) -> list[tuple[str, LongLine]]:
    return [(str(each), line) for each, line in lines.items()]


def _read_back(data: Any) -> LongLines:
    return {UUID(each): LongLine(**line) for each, line in data}


_days = Remembered[UUID, LongLines](5 * MINUTE, most=KEPT)
_kept_days = Kept[LongLines]("overview_day", write=_written, read=_read_back)
LAST_DAY = Range("day", "1 day", DAY, 10 * MINUTE, 10 * MINUTE)


def requests_by_hour(organization: Organization, now: datetime) -> Mapping[datetime, Requests]:
    """Add up the last day of all keys by the hour."""
    usage = KeyUsage.objects.filter(
        key__organization=organization, hour__gt=now - timedelta(hours=DAY_HOURS)
    )
    sums = (
        usage.order_by()
        .values_list("hour")
        .annotate(Sum("requests"), Sum("commands"), Sum("errors"))
    )
    return {hour: Requests(*numbers) for hour, *numbers in sums}


def keys_ending(organization: Organization, now: datetime) -> Several:
    """Find active keys of which somebody wants to be warned, and which end within a week."""
    soon = now + timedelta(days=max(deadlines.DAYS))
    mine = ApiKey.objects.filter(organization=organization).active()
    ending = mine.filter(expires_at__lte=soon).exclude(is_quiet=True)
    return _first(ending.order_by("expires_at", "name"))


def keys_unused(organization: Organization, now: datetime) -> Several:
    """Find active keys that were not used for long."""
    mine = ApiKey.objects.filter(organization=organization).active()
    before = now - UNUSED_AFTER
    never = Q(last_used_at=None, created_at__lte=before)
    unused = mine.filter(Q(last_used_at__lte=before) | never)
    return _first(unused.order_by(Coalesce("last_used_at", "created_at"), "name"))


def _first(keys: ApiKeyQuerySet) -> Several:
    """Read as many as are told one by one, and count the others in the same query."""
    columns = ("id", "name", "created_at", "expires_at", "last_used_at")
    rows = list(keys.annotate(of=Window(Count("pk"))).values_list(*columns, "of")[:TOGETHER])
    return Several([Key(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def long_lines(organization: Organization, instance_ids: Sequence[UUID]) -> Mapping[UUID, LongLine]:
    """Read the memory of some servers over a day, unless it was read for many a while ago."""
    if not instance_ids:
        return {}
    return kept_of_many(
        _kept_days, _days, organization.pk, instance_ids, lambda: _read_day(instance_ids)
    )


def _read_day(instance_ids: Sequence[UUID]) -> Mapping[UUID, LongLine]:
    now = timezone.now().timestamp()
    found = lines.of_several(instance_ids, ("used",), up_to(now, LAST_DAY), now=now)
    return {each: LongLine(line.of("used"), LAST_DAY.step) for each, line in found.items()}


def owners_and_members(organization: Organization) -> tuple[int, int]:
    counted = organization.memberships.aggregate(
        owners=Count("pk", filter=Q(role=Role.OWNER)), members=Count("pk")
    )
    return counted["owners"], counted["members"]


def is_controlled(now: datetime) -> bool:
    """Tell whether a controller holds the lease of the control loop."""
    return Lease.objects.filter(name=lease.CONTROLLER, expires_at__gt=now).exists()

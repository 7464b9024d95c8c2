"""How many organizations, people and keys there are, and how many organizations do something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from apikeys.models import ApiKey
from operators.spans import SPANS
from orgs.models import Organization


@dataclass(frozen=True, slots=True)
class Census:
    organizations: int
    suspended: int
    people: int
    active: Mapping[str, int]
    """Organizations of which a key was used, by the names of `operators.spans`."""


def census(now: datetime) -> Census:
    """Count in three queries."""
    spans = {
        f"in_{span.name}": Count(
            "organization", distinct=True, filter=Q(last_used_at__gte=now - span.length)
        )
        for span in SPANS
    }
    recent = ApiKey.objects.order_by().filter(last_used_at__gte=now - SPANS[-1].length)
    active = recent.aggregate(**spans)
    counts = Organization.objects.aggregate(
        all=Count("pk"), suspended=Count("pk", filter=Q(suspended_at__isnull=False))
    )
    return Census(
        organizations=counts["all"],
        suspended=counts["suspended"],
        people=User.objects.count(),
        active={span.name: active[f"in_{span.name}"] for span in SPANS},
    )

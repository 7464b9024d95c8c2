"""What the overview shows of an organization, for one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from activity import presentation, reading
from activity.presentation import Shown as Event
from orgs.access import Access
from orgs.roles import Permission
from overview import (
    advice,
    facts,
    headline,
    hints,
    needs,
    organizations,
    putting_off,
    servers,
    states,
)
from overview.headline import Cell
from overview.hints import Told
from overview.rows import Row, row_of, told_once
from quotas import notices, plans
from quotas import services as quotas
from quotas.usage import RESOURCES

EVENTS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Now:
    """The part of the page that keeps itself true."""

    cells: Sequence[Cell]
    told: Told
    rows: Sequence[Row]
    count: int
    left_out: int
    has_requests: bool
    """Whether anything came over the command API within a day."""
    is_controlled: bool
    version: str


def now_for(request: HttpRequest, access: Access) -> tuple[Now, dict[str, object]]:
    """Look at everything; give it together with what the quota's bars are drawn from."""
    now = timezone.now()
    found, last = servers.of(access)
    day = headline.by_hour(facts.requests_by_hour(access.organization, now), now)
    usage = quotas.usage(access.organization)
    is_controlled = facts.is_controlled(now)
    every = advice.hints_for(access, found, usage, now, is_controlled=is_controlled)
    ranked = needs.ranked(found, now)
    seen = Now(
        cells=headline.cells(found, last, day),
        has_requests=any(each.requests for each in day),
        told=hints.chosen(every, putting_off.read(request)),
        rows=told_once([row_of(each, now) for each in ranked.shown]),
        count=ranked.count,
        left_out=ranked.left_out,
        is_controlled=is_controlled,
        version=states.version(states.states(each.line for each in found)),
    )
    level = max(notices.level_of(usage.of(resource)) for resource in RESOURCES)
    return seen, {"usage": usage, "level": level}


def panel(request: HttpRequest, access: Access) -> dict[str, object]:
    """Give what stands on the whole page."""
    now, quota = now_for(request, access)
    return {
        "now": now,
        **quota,
        "plan": plans.of(access.organization),
        "elsewhere": organizations.elsewhere(access.user, access.organization),
        "events": _events(access),
        "sees_all_events": access.may(Permission.AUDIT_VIEW),
    }


def _events(access: Access) -> list[Event]:
    """Give the newest events: all to those who may see the log, and to others their own."""
    wanted = {} if access.may(Permission.AUDIT_VIEW) else {"actor": access.user.pk}
    found = reading.page(access.organization.pk, wanted, None, size=EVENTS_SHOWN)
    return presentation.shown(access.organization, found.events)

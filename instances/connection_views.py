"""The card that listens for the first connection, for pages without an open socket."""

import time

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from instances import connections, first_seen, pages
from instances.connections import Connections
from instances.presentation import show
from orgs.roles import Permission
from redisgate.lib.errors import Conflict, Unavailable
from redisgate.lib.htmx import is_htmx


@require_safe
@never_cache
@login_required
def connections_page(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show who is connected; for htmx the card, which asks again each second while it watches."""
    access = pages.enter(request, org, Permission.INSTANCE_SECRET_VIEW)
    found = pages.find(access, instance)
    watch = _Watch.of(request)
    seen, away = Connections(), ""
    try:
        seen = connections.look(found, since_seconds=watch.elapsed_seconds)
        first_seen.remember(found, seen)
    except (Conflict, Unavailable) as error:
        away = error.message
    url = reverse("instances:connections", args=[access.organization.slug, found.id])
    values = pages.detail_context(
        access,
        show(access, found),
        seen=seen,
        away=away,
        phase="seen" if seen.visitors else "watching" if watch.goes_on else "over",
        again_url=f"{url}?began={watch.began_at}" if watch.goes_on else "",
    )
    if is_htmx(request):
        return pages.fragment(request, "_witness.html", values)
    return render(request, "instances/connections.html", values)


class _Watch:
    """When a page began to watch, by its own word, which may only shorten the watch."""

    def __init__(self, began_at: int, now: int) -> None:
        self.began_at = min(max(began_at, now - connections.WATCH_SECONDS), now)
        self.elapsed_seconds = now - self.began_at + 1  # both are cut off
        self.goes_on = self.elapsed_seconds < connections.WATCH_SECONDS

    @classmethod
    def of(cls, request: HttpRequest) -> "_Watch":
        now = int(time.time())
        began = request.GET.get("began", "")
        is_number = began.isascii() and began.isdigit() and len(began) < 12
        return cls(int(began) if is_number else now, now)

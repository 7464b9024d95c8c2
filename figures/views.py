"""The pages of figures: charts or a table, top commands, slow log, clients."""

import time
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import actor_of
from audit.actors import Means
from figures import clients, reading, services, slow_log, table, top_commands, windows
from figures.charts import CHARTS
from figures.levels import RAW
from figures.windows import RANGES, Range
from instances import pages
from instances.models import Instance
from instances.presentation import show
from instances.states import Status
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import InvalidInput, RedisGateError

TAB = "metrics"
AS_TABLE = "table"


@require_safe
@never_cache
@login_required
def charts(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Draw the figures, or write them as a table with ``?view=table``."""
    access, found = _enter(request, org, instance)
    wanted, is_table = _range(request), request.GET.get("view") == AS_TABLE
    values: dict[str, object] = {"charts": CHARTS, "as_table": is_table}
    if is_table:
        window = windows.up_to(time.time(), wanted, step=wanted.row)
        values["table"] = table.of(window, reading.points(found.pk, window))
    return _page(request, access, found, "charts", range=wanted, **values)


@require_safe
@never_cache
@login_required
def commands(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Rank the commands of a range."""
    access, found = _enter(request, org, instance)
    wanted = _range(request)
    ranked = top_commands.top(found.pk, windows.up_to(time.time(), wanted))
    return _page(request, access, found, "commands", range=wanted, commands=ranked)


@require_safe
@never_cache
@login_required
def slow_commands(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show what the server remembers of slow commands."""
    access, found = _enter(request, org, instance)
    may_see = access.may(Permission.INSTANCE_SECRET_VIEW)
    asked = _asked(lambda: {"entries": slow_log.of(found, with_arguments=may_see)})
    return _page(request, access, found, "slow_log", may_see=may_see, **asked)


@require_safe
@never_cache
@login_required
def connected(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show who is connected."""
    access, found = _enter(request, org, instance)
    asked = _asked(lambda: {"connected": clients.connected_to(found)})
    may_disconnect = access.may(Permission.INSTANCE_OPERATE)
    return _page(request, access, found, "clients", may_disconnect=may_disconnect, **asked)


@require_POST
@login_required
def disconnect(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Close one connection and show those that are left."""
    access, found = _enter(request, org, instance, Permission.INSTANCE_OPERATE)
    number = request.POST.get("client", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 20
    client_id = int(number) if is_number else 0
    try:
        services.disconnect(actor_of(request, Means.DASHBOARD), found, client_id)
    except RedisGateError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The connection was closed. Its client may connect again.")
    return redirect("figures:clients", access.organization.slug, instance)


def _enter(
    request: HttpRequest,
    org: str,
    instance: str,
    permission: Permission = Permission.INSTANCE_VIEW,
) -> tuple[Access, Instance]:
    access = pages.enter(request, org, permission)
    return access, pages.find(access, instance)


def _range(request: HttpRequest) -> Range:
    """Read the range in the address; what was mistyped there is no error for a page."""
    try:
        return windows.named(request.GET.get("range", windows.DEFAULT_RANGE))
    except InvalidInput:
        return RANGES[windows.DEFAULT_RANGE]


def _asked(ask: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Ask the server, or give the words that say why it doesn't answer."""
    try:
        return ask()
    except RedisGateError as error:
        return {"problem": error.message}


def _page(
    request: HttpRequest, access: Access, instance: Instance, name: str, **more: object
) -> HttpResponse:
    ids = {"org": access.organization.pk, "instance": instance.pk}
    values = pages.detail_context(
        access,
        show(access, instance),
        tab=TAB,
        sheet=name,
        ranges=RANGES.values(),
        sample_seconds=RAW.step,
        is_running=instance.status == Status.RUNNING,
        api_url=reverse("figures_api:metrics", kwargs=ids),
        **more,
    )
    return render(request, f"figures/{name}.html", values)

"""The page of one key: what it may do, who uses it, and what would become of a command."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apikeys import charts, first_commands
from apikeys.access import find
from apikeys.models import ApiKey
from apikeys.pages import enter_page, page_context, usable_instances
from apikeys.simulation import MAX_LENGTH, Simulation, simulate
from apikeys.snippets import Snippet
from instances import access as instances
from instances.models import Instance
from orgs.access import Access
from orgs.roles import Permission
from quotas.rate_limits import most_for
from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import is_htmx
from redisgate.lib.long_select import LongSelect

PLACEHOLDER = "rg_YOUR_KEY"
USES_SHOWN = 20
REFRESH_SECONDS = 30


class SimulationForm(forms.Form):
    instance = forms.ModelChoiceField(Instance.objects.none(), empty_label=None, widget=LongSelect)
    command = forms.CharField(
        max_length=MAX_LENGTH,
        strip=False,
        help_text="One line, as you would type it into redis-cli.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write a command, such as SET greeting hello."},
    )
    address = forms.GenericIPAddressField(
        label="From address",
        required=False,
    )

    def __init__(self, *args: object, instances: QuerySet[Instance], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed on as they came
        field = self.fields["instance"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = instances


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Show one key; ``?view=table`` writes its usage as a table."""
    access = enter_page(request, org, Permission.API_KEY_VIEW)
    found = find(access, key)
    values = _values(request, access, found)
    return render(request, "apikeys/detail.html", page_context(access, **values))


@require_POST
@never_cache
@login_required
def simulated(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Judge a command; for htmx only the answer."""
    access = enter_page(request, org, Permission.API_KEY_VIEW)
    found = find(access, key)
    form = SimulationForm(request.POST, instances=usable_instances(access))
    judged = _judged(access, form, found) if form.is_valid() else None
    is_part = is_htmx(request)
    status = HTTPStatus.OK if judged else HTTPStatus.UNPROCESSABLE_ENTITY
    if is_part:
        values: dict[str, object] = {"key": found}
    else:
        values = _values(request, access, found)
    values |= {"simulation_form": form, "judged": judged}
    template = "apikeys/_simulator.html" if is_part else "apikeys/detail.html"
    return render(request, template, page_context(access, **values), status=status)


def _judged(access: Access, form: SimulationForm, key: ApiKey) -> Simulation | None:
    asked = form.cleaned_data
    try:
        instance = instances.find(access, asked["instance"].pk)
        return simulate(key, instance, asked["command"], address=asked["address"] or None)
    except InvalidInput as refusal:
        form.add_error("command", refusal.message)
        return None


def _values(request: HttpRequest, access: Access, key: ApiKey) -> dict[str, object]:
    wanted = charts.RANGES.get(request.GET.get("range", ""), charts.RANGES[charts.DEFAULT])
    as_table = request.GET.get("view") == "table"
    uses = list(key.secret_uses.all()[:USES_SHOWN]) if key.has_former_secret else []
    offered = usable_instances(access)
    return {
        "key": key,
        "most_rate_limit": most_for(access.organization),
        "ranges": charts.RANGES.values(),
        "range": wanted,
        "charts": charts.CHARTS,
        "as_table": as_table,
        "usage": charts.of(key, wanted) if as_table else None,
        "api_url": reverse("apikeys_api:usage", args=[access.organization.pk, key.pk]),
        "refresh_seconds": REFRESH_SECONDS,
        "former_uses": [use for use in uses if use.hint == key.former_hint],
        "present_uses": [use for use in uses if use.hint != key.former_hint],
        "simulation_form": SimulationForm(instances=offered),
        "has_instances": offered.exists(),
        "snippets": _snippets(access, key),
    }


def _snippets(access: Access, key: ApiKey) -> tuple[Snippet, ...]:
    """Write first commands with a place for the secret, which nobody can show again."""
    instance = first_commands.instance_for(access, key) if key.is_active else None
    return () if instance is None else first_commands.written(instance, key, PLACEHOLDER)

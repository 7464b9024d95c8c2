"""Plans and quotas in the operators' admin: limits can be changed, use can only be seen."""

from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.actors import actor_of
from audit.actors import Means
from quotas import plans, rate_limits, services
from quotas.forms import LimitsForm, PlanForm, PlanOfSelection, RaiseForm
from quotas.models import InstanceQuota, Plan
from quotas.usage import RESOURCES
from redisgate.lib.errors import RedisGateError
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from redisgate.lib.units import counted


@admin.register(Plan)
class PlanAdmin(LookOnlyAdmin[Plan]):
    form = PlanForm
    list_display = (
        "name",
        "price",
        "instances_limit",
        "memory_mb_limit",
        "api_keys_limit",
        "rate_limit",
        "rate_limit_most",
        "is_default",
        "organizations",
    )
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).annotate(organizations=Count("quotas"))

    @admin.display(description="organizations", ordering="organizations")
    def organizations(self, plan: Plan) -> int:
        found: int = plan.organizations  # type: ignore[attr-defined]  # annotated above
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        actor, offer = actor_of(request, Means.DASHBOARD), form.offer
        made = plans.update(actor, obj, **asdict(offer)) if change else plans.create(actor, offer)
        obj.pk = made.pk

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Come back with the words where a service refuses."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RedisGateError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return HttpResponseRedirect(request.path)


@admin.register(InstanceQuota)
class InstanceQuotaAdmin(LookOnlyAdmin[InstanceQuota]):
    form = LimitsForm
    list_display = ("organization", "plan", "instances", "memory_mb", "api_keys", "updated_at")
    list_filter = ("plan",)
    list_select_related = ("organization", "plan")
    search_fields = ("organization__name", "organization__slug", "=organization__id")
    ordering = ("organization__name",)
    actions = ("raise_limits", "choose_plan")
    readonly_fields = ("organization", "plan", "instances", "memory_mb", "api_keys", "updated_at")

    @admin.display(description="instances", ordering="instances_used")
    def instances(self, quota: InstanceQuota) -> str:
        return f"{quota.instances_used} / {quota.instances_limit}"

    @admin.display(description="memory in MB", ordering="memory_mb_used")
    def memory_mb(self, quota: InstanceQuota) -> str:
        return f"{quota.memory_mb_used} / {quota.memory_mb_limit}"

    @admin.display(description="API keys", ordering="api_keys_used")
    def api_keys(self, quota: InstanceQuota) -> str:
        return f"{quota.api_keys_used} / {quota.api_keys_limit}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: HttpRequest, obj: InstanceQuota, form: Any, change: bool) -> None:
        limits = {each: getattr(obj, f"{each}_override") for each in RESOURCES}
        actor = actor_of(request, Means.DASHBOARD)
        services.override(actor, obj.organization, limits)
        rate_limits.override(actor, obj.organization, obj.rate_limit_override)

    @admin.action(description="Raise limits of selected organizations", permissions=["operate"])
    @asked_first(
        title="Raise limits",
        words="These limits hold from now on, whatever the plan says. A limit that you leave "
        "empty stays as it is.",
        button="Raise",
        form=RaiseForm,
    )
    def raise_limits(
        self, request: HttpRequest, quotas: QuerySet[InstanceQuota], **limits: int | None
    ) -> None:
        actor, count = actor_of(request, Means.DASHBOARD), 0
        for quota in quotas.select_related("organization"):
            try:
                services.set_limits(actor, quota.organization, **limits)
                count += 1
            except RedisGateError as refusal:
                self._warn(request, quota, refusal)
        self.message_user(request, f"Changed: {counted(count, 'organization')}.")

    @admin.action(description="Change the plan of selected organizations", permissions=["operate"])
    @asked_first(
        title="Change the plan",
        words="The limits of the plan hold from now on, but for those that were overridden. An "
        "organization that uses more than the plan allows keeps the plan it has.",
        button="Change the plan",
        form=PlanOfSelection,
    )
    def choose_plan(
        self, request: HttpRequest, quotas: QuerySet[InstanceQuota], *, plan: Plan
    ) -> None:
        actor, count = actor_of(request, Means.DASHBOARD), 0
        for quota in quotas.select_related("organization"):
            try:
                plans.assign(actor, quota.organization, plan)
                count += 1
            except RedisGateError as refusal:
                self._warn(request, quota, refusal)
        self.message_user(request, f"{plan.name}: {counted(count, 'organization')}.")

    def _warn(self, request: HttpRequest, quota: InstanceQuota, refusal: RedisGateError) -> None:
        words = f"{quota.organization.name}: {refusal.message}"
        self.message_user(request, words, messages.WARNING)

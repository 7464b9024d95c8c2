"""Quotas in the operators' admin: limits can be changed, use can only be seen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.actors import actor_of
from audit.actors import Means
from quotas import services
from quotas.forms import LimitsForm
from quotas.models import InstanceQuota


@admin.register(InstanceQuota)
class InstanceQuotaAdmin(admin.ModelAdmin[InstanceQuota]):
    form = LimitsForm
    list_display = ("organization", "instances", "memory_mb", "api_keys", "updated_at")
    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__slug")
    ordering = ("organization__name",)
    readonly_fields = ("organization", "instances", "memory_mb", "api_keys", "updated_at")

    @admin.display(description="instances", ordering="instances_used")
    def instances(self, quota: InstanceQuota) -> str:
        return f"{quota.instances_used} / {quota.instances_limit}"

    @admin.display(description="memory in MB", ordering="memory_mb_used")
    def memory_mb(self, quota: InstanceQuota) -> str:
        return f"{quota.memory_mb_used} / {quota.memory_mb_limit}"

    @admin.display(description="API keys", ordering="api_keys_used")
    def api_keys(self, quota: InstanceQuota) -> str:
        return f"{quota.api_keys_used} / {quota.api_keys_limit}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the database makes the row with its organization

    def has_delete_permission(self, request: HttpRequest, obj: InstanceQuota | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: InstanceQuota, form: Any, change: bool) -> None:
        services.set_limits(
            actor_of(request, Means.DASHBOARD),
            obj.organization,
            instances=obj.instances_limit,
            memory_mb=obj.memory_mb_limit,
            api_keys=obj.api_keys_limit,
        )

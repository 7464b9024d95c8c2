"""Instances in the operators' admin: everything is seen but secrets, and can be stopped."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of
from audit.actors import Means
from instances import services
from instances.models import Host, Instance
from redisgate.lib.errors import Conflict

SECRETS = {"password", "admin_password"}


@admin.register(Instance)
class InstanceAdmin(admin.ModelAdmin[Instance]):
    list_display = (
        "name",
        "organization",
        "status",
        "health",
        "wish",
        "memory_mb",
        "port",
        "created_at",
    )
    list_filter = ("status", "health", "wish", "purpose", "provisioner")
    list_select_related = ("organization",)
    search_fields = ("name", "slug", "organization__name", "organization__slug", "=id", "=port")
    ordering = ("organization__name", "name")
    actions = ("force_stop",)
    readonly_fields = tuple(
        field.name for field in Instance._meta.concrete_fields if field.name not in SECRETS
    )
    exclude = tuple(SECRETS)

    @admin.action(description="Stop selected instances", permissions=["stop"])
    def force_stop(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        stopped = 0
        for instance in instances:
            try:
                services.stop(actor_of(request, Means.DASHBOARD), instance)
                stopped += 1
            except Conflict as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        self.message_user(request, f"{stopped} instances are being stopped.", messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an instance is made in its organization

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the control loop owns the row

    def has_stop_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("instances.change_instance")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a row without its server would leave the server behind


@admin.register(Host)
class HostAdmin(admin.ModelAdmin[Host]):
    list_display = (
        "name",
        "disk_free_mb",
        "disk_total_mb",
        "memory_free_mb",
        "memory_total_mb",
        "may_overcommit",
        "seen_at",
    )
    readonly_fields = tuple(field.name for field in Host._meta.concrete_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # its controller reports it

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

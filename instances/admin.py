"""Instances in the operators' admin: all but secrets is seen, and servers start and stop."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of
from audit.actors import Actor, Means
from instances import services
from instances.models import Host, Instance
from redisgate.lib.errors import Conflict
from redisgate.lib.units import counted

SECRETS = {"password", "admin_password", "former_password"}


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
    actions = ("start", "force_stop", "restart")
    readonly_fields = tuple(
        field.name for field in Instance._meta.concrete_fields if field.name not in SECRETS
    )
    exclude = tuple(SECRETS)

    @admin.action(description="Start selected instances", permissions=["operate"])
    def start(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        self._each(request, instances, services.start, "started")

    @admin.action(description="Stop selected instances", permissions=["operate"])
    def force_stop(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        self._each(request, instances, services.stop, "stopped")

    @admin.action(description="Restart selected instances", permissions=["operate"])
    def restart(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        self._each(request, instances, services.restart, "restarted")

    def _each(
        self,
        request: HttpRequest,
        instances: QuerySet[Instance],
        service: Callable[[Actor, Instance], None],
        done: str,
    ) -> None:
        count = 0
        for instance in instances:
            try:
                service(actor_of(request, Means.DASHBOARD), instance)
                count += 1
            except Conflict as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        verb = "is" if count == 1 else "are"
        words = f"{counted(count, 'instance')} {verb} being {done}."
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an instance is made in its organization

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the control loop owns the row

    def has_operate_permission(self, request: HttpRequest) -> bool:
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

"""Instances in the operators' admin: all but secrets is seen, and servers start and stop."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of
from audit.actors import Actor, Means
from instances import services
from instances.models import Host, Instance
from orgs.lock import refuse_closed
from redisgate.lib.errors import RedisGateError
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from redisgate.lib.units import counted

SECRETS = {"password", "admin_password", "former_password"}


@admin.register(Instance)
class InstanceAdmin(LookOnlyAdmin[Instance]):
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
    @asked_first(
        title="Start instances",
        words="They start, also those that their members have stopped.",
        button="Start",
    )
    def start(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        self._each(request, instances, services.start, "started")

    @admin.action(description="Force stop selected instances", permissions=["operate"])
    @asked_first(
        title="Force stop instances",
        words="Their programs lose the connection at once. Without persistence their data is lost. "
        "Members may start them again: suspend the organization to prevent that.",
        button="Force stop",
    )
    def force_stop(self, request: HttpRequest, instances: QuerySet[Instance]) -> None:
        self._each(request, instances, services.stop, "stopped")

    @admin.action(description="Restart selected instances", permissions=["operate"])
    @asked_first(
        title="Restart instances",
        words="Their programs lose the connection for a moment. Without persistence their data "
        "is lost.",
        button="Restart",
    )
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
        for instance in instances.select_related("organization"):
            try:
                if service is not services.stop:
                    refuse_closed(instance.organization)
                service(actor_of(request, Means.DASHBOARD), instance)
                count += 1
            except RedisGateError as refusal:
                self.message_user(request, refusal.message, messages.WARNING)
        verb = "is" if count == 1 else "are"
        words = f"{counted(count, 'instance')} {verb} being {done}."
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)


@admin.register(Host)
class HostAdmin(LookOnlyAdmin[Host]):
    has_history = False  # nobody does anything to it
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

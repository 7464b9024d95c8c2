"""Domains in the operators' admin: looked at, approved, taken back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of, person
from audit.actors import Means
from redisgate.lib.errors import Conflict
from sso import domain_services
from sso.models import Domain


@admin.register(Domain)
class DomainAdmin(admin.ModelAdmin[Domain]):
    list_display = ("name", "organization", "approved_at", "approved_by", "created_at")
    list_filter = (("approved_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organization", "approved_by")
    search_fields = ("name", "organization__name", "organization__slug")
    actions = ("approve", "take_back")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an owner of the organization adds it

    def has_change_permission(self, request: HttpRequest, obj: Domain | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Domain | None = None) -> bool:
        return False  # only by the action, which keeps the audit log

    @admin.action(description="Approve: these addresses belong to the organization")
    def approve(self, request: HttpRequest, domains: QuerySet[Domain]) -> None:
        self._each(request, domains, approves=True)

    @admin.action(description="Take back: the organization speaks for these no more")
    def take_back(self, request: HttpRequest, domains: QuerySet[Domain]) -> None:
        self._each(request, domains, approves=False)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        may = request.user.has_perm("sso.change_domain")
        return super().get_actions(request) if may else {}

    def _each(self, request: HttpRequest, domains: QuerySet[Domain], *, approves: bool) -> None:
        actor = actor_of(request, Means.DASHBOARD)
        for domain in domains:
            try:
                if approves:
                    domain_services.approve(actor, domain, operator=person(request))
                else:
                    domain_services.remove(actor, domain)
            except Conflict as refusal:
                self.message_user(request, f"{domain.name}: {refusal.message}", messages.ERROR)

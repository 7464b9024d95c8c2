"""Domains in the operators' admin: looked at, approved, taken back."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of, person
from audit.actors import Means
from redisgate.lib.errors import Conflict
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from sso import domain_services
from sso.models import Domain


@admin.register(Domain)
class DomainAdmin(LookOnlyAdmin[Domain]):
    list_display = ("name", "organization", "approved_at", "approved_by", "created_at")
    list_filter = (("approved_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organization", "approved_by")
    search_fields = ("name", "organization__name", "organization__slug")
    actions = ("approve", "take_back")

    @admin.action(description="Approve: these addresses belong to the organization")
    @asked_first(
        title="Approve domains",
        words="Whoever runs its identity provider can sign in as anybody with such an address.",
        button="Approve",
    )
    def approve(self, request: HttpRequest, domains: QuerySet[Domain]) -> None:
        self._each(request, domains, approves=True)

    @admin.action(description="Take back: the organization speaks for these no more")
    @asked_first(
        title="Take domains back",
        words="The organization signs people with these addresses in no more.",
        button="Take back",
    )
    def take_back(self, request: HttpRequest, domains: QuerySet[Domain]) -> None:
        self._each(request, domains, approves=False)

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

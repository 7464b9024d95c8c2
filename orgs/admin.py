"""Organizations as operators see them: to look at, to suspend and to resume."""

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.actors import actor_of
from audit.actors import Means
from orgs import suspension
from orgs.models import Membership, Organization
from orgs.suspension import REASON_LENGTH
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from redisgate.lib.units import counted


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_LENGTH, help_text="The organization's members read it."
    )


class SuspendedFilter(admin.SimpleListFilter):
    title = "suspended"
    parameter_name = "suspended"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "Suspended"), ("no", "Not suspended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Organization]
    ) -> QuerySet[Organization]:
        if self.value() is None:
            return queryset
        return queryset.filter(suspended_at__isnull=self.value() == "no")


class MembershipInline(admin.TabularInline[Membership, Organization]):
    model = Membership
    fields = readonly_fields = ("user", "role", "created_at")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(LookOnlyAdmin[Organization]):
    list_display = ("name", "slug", "people", "suspended_at", "deleting_since", "created_at")
    list_filter = (SuspendedFilter,)
    search_fields = ("name", "slug", "=id", "members__email", "members__username")
    ordering = ("name",)
    actions = ("suspend", "explain", "resume")
    inlines = (MembershipInline,)
    fields = readonly_fields = (
        "id",
        "name",
        "slug",
        "description",
        "suspended_at",
        "suspended_for",
        "deleting_since",
        "created_at",
        "updated_at",
    )

    def organization_of(self, row: Organization) -> UUID:
        return row.pk

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return super().get_queryset(request).annotate(people=Count("memberships", distinct=True))

    @admin.display(description="people", ordering="people")
    def people(self, organization: Organization) -> int:
        found: int = organization.people  # type: ignore[attr-defined]  # annotated above
        return found

    @admin.action(description="Suspend selected organizations", permissions=["operate"])
    @asked_first(
        title="Suspend organizations",
        words="Their instances are stopped and keep their data, their API keys are refused, and "
        "their members can look but change nothing. What runs now runs again when you resume them.",
        button="Suspend",
        form=ReasonForm,
    )
    def suspend(
        self, request: HttpRequest, organizations: QuerySet[Organization], *, reason: str
    ) -> None:
        act = partial(suspension.suspend, actor_of(request, Means.DASHBOARD), reason=reason)
        count = self.act_on_each(request, organizations, act)
        self.message_user(request, f"Suspended: {counted(count, 'organization')}.")

    @admin.action(description="Change the reason for a suspension", permissions=["operate"])
    @asked_first(
        title="Change the reason for a suspension",
        words="Their members read the reason in place of the one before. Those that aren't "
        "suspended are left alone.",
        button="Change the reason",
        form=ReasonForm,
    )
    def explain(
        self, request: HttpRequest, organizations: QuerySet[Organization], *, reason: str
    ) -> None:
        act = partial(suspension.explain, actor_of(request, Means.DASHBOARD), reason=reason)
        count = self.act_on_each(request, organizations, act)
        self.message_user(request, f"Reason changed: {counted(count, 'organization')}.")

    @admin.action(description="Resume selected organizations", permissions=["operate"])
    @asked_first(
        title="Resume organizations",
        words="Their API keys open again, and what ran before runs again.",
        button="Resume",
    )
    def resume(self, request: HttpRequest, organizations: QuerySet[Organization]) -> None:
        actor = actor_of(request, Means.DASHBOARD)
        count = sum(suspension.resume(actor, each) for each in organizations)
        self.message_user(request, f"Resumed: {counted(count, 'organization')}.")

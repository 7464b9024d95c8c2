"""People as operators see them: to look at, to suspend and to let in again."""

from functools import partial

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import suspension
from accounts.actors import actor_of
from accounts.models import User
from audit.actors import Means
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from redisgate.lib.units import counted


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="Kept in the audit log, for operators.")


@admin.register(User)
class UserAdmin(LookOnlyAdmin[User]):
    list_display = ("email", "username", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "username", "=id")
    ordering = ("email",)
    date_hierarchy = "date_joined"
    actions = ("suspend", "explain", "resume")
    # Named one by one, because a column that comes later may hold a secret.
    fields = readonly_fields = (
        "id",
        "email",
        "username",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "date_joined",
        "member_of",
    )

    @admin.display(description="organizations")
    def member_of(self, person: User) -> str:
        names = person.memberships.select_related("organization").order_by("organization__name")
        return ", ".join(f"{each.organization.name} ({each.role})" for each in names) or "none"

    @admin.action(description="Suspend selected people", permissions=["operate"])
    @asked_first(
        title="Suspend people",
        words="They are signed out everywhere at once and can't sign in until you resume them. "
        "Their organizations, instances and API keys go on.",
        button="Suspend",
        form=WhyForm,
    )
    def suspend(self, request: HttpRequest, people: QuerySet[User], *, reason: str) -> None:
        act = partial(suspension.suspend, actor_of(request, Means.DASHBOARD), reason=reason)
        count = self.act_on_each(request, people, act)
        self.message_user(request, f"Suspended: {counted(count, 'account')}.")

    @admin.action(description="Change the reason for a suspension", permissions=["operate"])
    @asked_first(
        title="Change the reason for a suspension",
        words="It is written down beside the one before. People who aren't suspended are left "
        "alone.",
        button="Change the reason",
        form=WhyForm,
    )
    def explain(self, request: HttpRequest, people: QuerySet[User], *, reason: str) -> None:
        act = partial(suspension.explain, actor_of(request, Means.DASHBOARD), reason=reason)
        count = self.act_on_each(request, people, act)
        self.message_user(request, f"Reason changed: {counted(count, 'account')}.")

    @admin.action(description="Resume selected people", permissions=["operate"])
    @asked_first(title="Resume people", words="They can sign in again.", button="Resume")
    def resume(self, request: HttpRequest, people: QuerySet[User]) -> None:
        actor = actor_of(request, Means.DASHBOARD)
        count = sum(suspension.resume(actor, person) for person in people)
        self.message_user(request, f"Resumed: {counted(count, 'account')}.")

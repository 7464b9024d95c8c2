"""API keys for operators: to look at and to revoke, without a secret."""

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.actors import actor_of
from apikeys import services
from apikeys.models import ApiKey, ApiKeyQuerySet
from audit.actors import Means
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first


@admin.register(ApiKey)
class ApiKeyAdmin(LookOnlyAdmin[ApiKey]):
    list_display = ("name", "organization", "hint", "status", "last_used_at", "created_at")
    list_select_related = ("organization",)
    search_fields = ("name", "prefix", "organization__name", "organization__slug")
    actions = ["revoke"]
    fields = readonly_fields = (
        "id",
        "organization",
        "name",
        "prefix",
        "hint",
        "status",
        "scopes",
        "all_instances",
        "instances",
        "key_patterns",
        "rate_limit",
        "networks",
        "expires_at",
        "revoked_at",
        "rotated_at",
        "former_until",
        "last_used_at",
        "last_used_from",
        "last_used_with",
        "created_at",
        "created_by",
    )

    @admin.action(description="Revoke the selected keys", permissions=["operate"])
    @asked_first(
        title="Revoke API keys",
        words="They open nothing from now on, over HTTP and natively, and can't be brought back. "
        "Programs that use them need new ones.",
        button="Revoke",
    )
    def revoke(self, request: HttpRequest, keys: ApiKeyQuerySet) -> None:
        for key in keys.unrevoked():
            services.revoke(actor_of(request, Means.DASHBOARD), key)
        messages.success(request, "The selected keys are revoked.")

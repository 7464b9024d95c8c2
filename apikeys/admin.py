"""API keys for operators: to look at and to revoke, without a secret."""

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.actors import actor_of
from apikeys import services
from apikeys.models import ApiKey, ApiKeyQuerySet
from audit.actors import Means


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
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

    @admin.action(description="Revoke the selected keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: ApiKeyQuerySet) -> None:
        for key in keys.unrevoked():
            services.revoke(actor_of(request, Means.DASHBOARD), key)
        messages.success(request, "The selected keys are revoked.")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("apikeys.change_apikey")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

"""API keys as the management API speaks of them. Neither token nor fingerprint is among it."""

from typing import Any

from rest_framework import serializers

from apikeys import terms
from apikeys.models import ApiKey
from instances.acl import Scope
from redisgate.lib.strict_input import StrictInput


class ApiKeyInput(StrictInput):
    """What a program may say about a new key. `apikeys.terms` holds the rules."""

    name = serializers.CharField(max_length=terms.MAX_NAME_LENGTH)
    scopes = serializers.ListField(
        child=serializers.CharField(),
        max_length=16,
        help_text=f"Any of {', '.join(Scope)}; the widest counts.",
    )
    instances = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=1000,
        allow_null=True,
        default=None,
        help_text="Ids, or null for all instances of the organization, later ones too.",
    )
    key_patterns = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False),
        max_length=terms.MAX_PATTERNS,
        default=list,
        help_text="Such as cache:*; empty means every Redis key.",
    )
    expires_at = serializers.DateTimeField(allow_null=True, default=None)
    rate_limit = serializers.IntegerField(
        min_value=1,
        max_value=terms.MAX_RATE_LIMIT,
        default=terms.DEFAULT_RATE_LIMIT,
        help_text="Commands a second over HTTP, each one of a pipeline counted.",
    )


class ApiKeyOutput(serializers.ModelSerializer[ApiKey]):
    """One key in a list. ``redis_username`` is who to log in as over the Redis protocol."""

    redis_username = serializers.CharField(source="prefix", read_only=True)
    status = serializers.CharField(read_only=True)
    instances = serializers.SerializerMethodField()
    created_by = serializers.SerializerMethodField()

    class Meta:
        model = ApiKey
        fields: tuple[str, ...] = (
            "id",
            "name",
            "hint",
            "redis_username",
            "status",
            "scopes",
            "instances",
            "key_patterns",
            "rate_limit",
            "expires_at",
            "revoked_at",
            "last_used_at",
            "last_used_from",
            "last_used_with",
            "created_at",
            "created_by",
        )
        read_only_fields = fields

    def get_instances(self, key: ApiKey) -> list[str] | None:
        return None if key.all_instances else [str(one.pk) for one in key.instances.all()]

    def get_created_by(self, key: ApiKey) -> str | None:
        """Give the username; null when the account is gone or the platform made the key."""
        return None if key.created_by is None else key.created_by.username


class ApiKeyMade(ApiKeyOutput):
    """A key just made: the only answer that holds the token."""

    key = serializers.CharField(read_only=True, help_text="Save it now; it is never shown again.")

    class Meta(ApiKeyOutput.Meta):
        fields = (*ApiKeyOutput.Meta.fields, "key")
        read_only_fields = fields


class AmountsOutput(serializers.Serializer[Any]):
    requests = serializers.IntegerField()
    commands = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]
    bytes_in = serializers.IntegerField()
    bytes_out = serializers.IntegerField()


class AmountsOfInstance(AmountsOutput):
    instance = serializers.UUIDField()


class AmountsOfHour(AmountsOutput):
    hour = serializers.DateTimeField()


class UsageOutput(serializers.Serializer[Any]):
    """What a key did over HTTP since a full hour; hours without a request are left out."""

    since = serializers.DateTimeField()
    totals = AmountsOutput()
    instances = AmountsOfInstance(many=True)
    hours = AmountsOfHour(many=True)

"""API keys as the management API speaks of them. Neither token nor fingerprint is among it."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from apikeys import charts, networks, simulation, terms
from apikeys.models import ApiKey, SecretUse
from instances.acl import Scope
from quotas.rate_limits import MOST_RATE_LIMIT
from redisgate.lib import graces
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
        max_value=MOST_RATE_LIMIT,
        required=False,
        help_text="Commands a second over HTTP, each one of a pipeline counted. Without it, "
        "that of the organization's plan.",
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=networks.MAX_LENGTH),
        max_length=networks.MAX_NETWORKS,
        default=list,
        help_text=(
            "From where it may be used, such as 203.0.113.0/24; empty means from anywhere. "
            "A key with networks works over HTTP alone."
        ),
    )
    expiry_warnings = serializers.BooleanField(
        default=True, help_text="Write to people 7 days and 1 day before it expires."
    )


class RotationInput(StrictInput):
    """How long the former secret goes on working."""

    grace_seconds = serializers.ChoiceField(
        choices=graces.in_seconds(),
        default=0,
        help_text="0 ends the former secret at once.",
    )


class SimulationInput(StrictInput):
    """A command to judge. It isn't executed."""

    instance = serializers.UUIDField()
    command = serializers.CharField(
        max_length=simulation.MAX_LENGTH,
        trim_whitespace=False,
        help_text="One line as redis-cli takes it, such as SET greeting hello.",
    )
    address = serializers.IPAddressField(
        default=None,
        allow_null=True,
        help_text="From where it would be sent; matters where the key has networks.",
    )


class VerdictOutput(serializers.Serializer[Any]):
    """Whether it would be allowed on one way; null means that nobody can say now."""

    allowed = serializers.BooleanField(allow_null=True)
    rule = serializers.CharField(help_text="What decides, such as scope or key_patterns.")
    reason = serializers.CharField()


class SimulationOutput(serializers.Serializer[Any]):
    """How a command was judged, over HTTP and over the Redis protocol."""

    instance = serializers.UUIDField()
    command = serializers.CharField()
    http = VerdictOutput()
    native = VerdictOutput()
    notes = serializers.ListField(child=serializers.CharField())


class FormerSecretOutput(serializers.Serializer[Any]):
    """The secret before the present one."""

    hint = serializers.CharField()
    until = serializers.DateTimeField()


class SecretUseOutput(serializers.ModelSerializer[SecretUse]):
    """Who used one of two secrets."""

    is_former = serializers.SerializerMethodField()

    class Meta:
        model = SecretUse
        fields = ("hint", "is_former", "address", "client", "at")
        read_only_fields = fields

    def get_is_former(self, use: SecretUse) -> bool:
        return use.hint == use.key.former_hint


class FormerSecretUses(serializers.Serializer[Any]):
    """The former secret as long as it works, and who used which of the two."""

    former_secret = FormerSecretOutput(allow_null=True)
    uses = SecretUseOutput(many=True)


class ApiKeyOutput(serializers.ModelSerializer[ApiKey]):
    """One key in a list. ``redis_username`` is who to log in as over the Redis protocol."""

    redis_username = serializers.CharField(source="prefix", read_only=True)
    status = serializers.CharField(read_only=True)
    networks = serializers.ListField(source="allowed_networks", read_only=True)
    has_native_access = serializers.BooleanField(read_only=True)
    expiry_warnings = serializers.BooleanField(read_only=True)
    former_secret = serializers.SerializerMethodField()
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
            "networks",
            "has_native_access",
            "expires_at",
            "expiry_warnings",
            "revoked_at",
            "rotated_at",
            "former_secret",
            "last_used_at",
            "last_used_from",
            "last_used_with",
            "created_at",
            "created_by",
        )
        read_only_fields = fields

    def get_instances(self, key: ApiKey) -> list[str] | None:
        return None if key.all_instances else [str(one.pk) for one in key.instances.all()]

    @extend_schema_field(FormerSecretOutput(allow_null=True))
    def get_former_secret(self, key: ApiKey) -> dict[str, Any] | None:
        """Give the secret before the present one, as long as it works."""
        if not key.has_former_secret:
            return None
        return {"hint": key.former_hint, "until": key.former_until}

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


class UsageSeries(serializers.Serializer[Any]):
    """One figure, with a value for each moment of ``times``."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    values = serializers.ListField(child=serializers.IntegerField())


class UsageOverTimeOutput(serializers.Serializer[Any]):
    """What a key did in each hour or day of a usual range; times are seconds since 1970."""

    range = serializers.ChoiceField(choices=list(charts.RANGES))
    to = serializers.IntegerField()
    step = serializers.IntegerField()
    totals = AmountsOutput()
    times = serializers.ListField(child=serializers.IntegerField())
    series = UsageSeries(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": serializers.IntegerField()}  # a word of Python's


USAGE = PolymorphicProxySerializer(
    component_name="Usage",
    serializers=[UsageOutput, UsageOverTimeOutput],
    resource_type_field_name=None,
)
"""For the API's description: by hour back from now, or over a range."""

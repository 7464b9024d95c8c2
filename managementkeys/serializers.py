"""Management keys as the API speaks of them. Neither token nor fingerprint is among it."""

from rest_framework import serializers

from managementkeys.models import ManagementKey
from orgs.roles import Role
from redisgate.lib.strict_input import StrictInput


class ManagementKeyInput(StrictInput):
    """What may be said about a new key. The service judges the values, in words."""

    name = serializers.CharField(allow_blank=True, max_length=200)
    role = serializers.ChoiceField(choices=Role.values, help_text="At most your own.")
    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class ManagementKeyOutput(serializers.ModelSerializer[ManagementKey]):
    status = serializers.ChoiceField(
        choices=["active", "ended", "expired", "revoked"], read_only=True
    )
    created_by = serializers.SerializerMethodField()

    class Meta:
        model = ManagementKey
        fields: tuple[str, ...] = (
            "id",
            "name",
            "role",
            "hint",
            "status",
            "created_at",
            "created_by",
            "expires_at",
            "revoked_at",
            "last_used_at",
            "last_used_from",
        )
        read_only_fields = fields

    def get_created_by(self, key: ManagementKey) -> str | None:
        """Give the username; null when the account is gone, and the key with it."""
        return None if key.created_by is None else key.created_by.username


class ManagementKeyMade(ManagementKeyOutput):
    """A key just made: the only answer that holds the token."""

    key = serializers.CharField(read_only=True, help_text="Save it now; it is never shown again.")

    class Meta(ManagementKeyOutput.Meta):
        fields = (*ManagementKeyOutput.Meta.fields, "key")
        read_only_fields = fields

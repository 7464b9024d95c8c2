"""Single sign-on in the management API."""

from typing import Any

from rest_framework import serializers

from redisgate.lib.strict_input import StrictInput
from sso.models import ROLES, Mode, Protocol

LONGEST_METADATA = 512 * 1024


class SsoSerializer(StrictInput):
    """What a PUT says: the whole of it, but for a secret that is saved already."""

    protocol = serializers.ChoiceField(choices=Protocol.choices)
    name = serializers.CharField(max_length=40)
    issuer = serializers.CharField(max_length=500, required=False)
    client_id = serializers.CharField(max_length=190, required=False)
    client_secret = serializers.CharField(max_length=500, required=False, write_only=True)
    addresses_are_managed = serializers.BooleanField(required=False)
    metadata_url = serializers.CharField(max_length=500, required=False, write_only=True)
    metadata_xml = serializers.CharField(
        max_length=LONGEST_METADATA, required=False, write_only=True
    )
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    default_role = serializers.ChoiceField(choices=ROLES, required=False)
    domains = serializers.ListField(
        child=serializers.CharField(max_length=253), required=False, max_length=50
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        oidc, saml = {"issuer", "client_id"}, {"metadata_url", "metadata_xml"}
        if attrs["protocol"] == Protocol.OIDC and not oidc <= attrs.keys():
            raise serializers.ValidationError("OpenID Connect needs issuer and client_id.")
        if attrs["protocol"] == Protocol.SAML and len(saml & attrs.keys()) != 1:
            raise serializers.ValidationError("SAML needs metadata_url or metadata_xml.")
        return attrs


class DomainShownSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    is_approved = serializers.BooleanField()


class SsoShownSerializer(serializers.Serializer[Any]):
    """The provider, the domains, and what the provider must be told of us; never a secret."""

    protocol = serializers.ChoiceField(choices=Protocol.choices, allow_null=True)
    name = serializers.CharField(allow_null=True)
    issuer = serializers.CharField(allow_null=True)
    client_id = serializers.CharField(allow_null=True)
    addresses_are_managed = serializers.BooleanField(allow_null=True)
    tested_at = serializers.DateTimeField(allow_null=True)
    has_client_secret = serializers.BooleanField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    default_role = serializers.ChoiceField(choices=ROLES, allow_null=True)
    domains = DomainShownSerializer(many=True)
    redirect_uri = serializers.URLField()
    acs_url = serializers.URLField()
    entity_id = serializers.URLField()

"""Log-ins of programs in the API."""

from rest_framework import serializers

from accounts.models import TokenFamily


class ProgramSerializer(serializers.ModelSerializer[TokenFamily]):
    class Meta:
        model = TokenFamily
        fields = ("id", "client", "address", "created_at", "renewed_at", "expires_at")
        read_only_fields = fields

"""Organizations in the management API."""

from rest_framework import serializers

from orgs.models import Organization
from orgs.names import single_line


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """An organization as one member sees it: ``role`` is that member's own."""

    name = serializers.CharField(max_length=80, validators=[single_line])
    description = serializers.CharField(
        max_length=300, validators=[single_line], required=False, allow_blank=True
    )
    role = serializers.CharField(read_only=True)

    class Meta:
        model = Organization
        fields = ("id", "name", "slug", "description", "role", "created_at", "updated_at")
        read_only_fields = ("id", "slug", "role", "created_at", "updated_at")

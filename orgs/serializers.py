"""Organizations in the management API."""

from rest_framework import serializers

from orgs.contents import contents_of
from orgs.models import Organization
from redisgate.lib.strict_input import StrictInput


class OrganizationSerializer(StrictInput, serializers.ModelSerializer[Organization]):
    """An organization as one member sees it: ``role`` is that member's own.

    The service judges what is written, in words.
    """

    name = serializers.CharField(allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    role = serializers.CharField(read_only=True)
    status = serializers.CharField(read_only=True)
    remaining = serializers.SerializerMethodField()
    sign_in_required = serializers.SerializerMethodField()

    class Meta:
        model = Organization
        fields = (
            "id",
            "name",
            "slug",
            "description",
            "role",
            "status",
            "remaining",
            "sign_in_required",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "slug", "created_at", "updated_at")

    def to_representation(self, instance: Organization) -> dict[str, object]:
        shown = super().to_representation(instance)
        return {**shown, "description": ""} if shown["sign_in_required"] else shown

    def get_sign_in_required(self, organization: Organization) -> bool:
        """Say whether it opens only after its single sign-on, in a browser."""
        return organization.pk in self.context.get("closed", ())

    def get_remaining(self, organization: Organization) -> dict[str, int] | None:
        """Say what is still there of one that is being deleted; null of any other."""
        if not organization.is_deleting or self.get_sign_in_required(organization):
            return None
        return {each.name: each.number for each in contents_of(organization)}

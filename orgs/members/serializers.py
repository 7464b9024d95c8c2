"""Members and invitations in the management API."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from orgs.invitations import links as invitation_links
from orgs.models import Invitation, Membership
from orgs.roles import Role
from redisgate.lib.strict_input import StrictInput


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """A member; ``id`` is the membership's, ``user_id`` the person's."""

    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)

    class Meta:
        model = Membership
        fields: tuple[str, ...] = (
            "id",
            "user_id",
            "username",
            "name",
            "email",
            "role",
            "created_at",
        )
        read_only_fields = fields


class JoinedSerializer(MemberSerializer):
    """The caller's own membership, and where it is."""

    class Meta(MemberSerializer.Meta):
        fields = (*MemberSerializer.Meta.fields, "organization_id")
        read_only_fields = fields


class RoleWish(StrictInput):
    role = serializers.ChoiceField(choices=Role.choices)


class TransferWish(StrictInput):
    """Whom to hand ownership over to, by the id of their membership."""

    member = serializers.UUIDField()


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation. Its link is in the mail; where no mail server sends that, whoever asks for
    the invitation gets it as ``link``, in that answer alone. Everywhere else that is null.
    """

    invited_by = serializers.CharField(
        source="invited_by.username", read_only=True, default=None, allow_null=True
    )
    status = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = (
            "id",
            "email",
            "role",
            "status",
            "link",
            "invited_by",
            "created_at",
            "sent_at",
            "expires_at",
        )
        read_only_fields = fields

    def get_status(self, invitation: Invitation) -> str:
        return "expired" if invitation.is_expired else "open"

    def get_link(self, invitation: Invitation) -> str | None:
        if settings.HAS_MAIL_SERVER or not invitation.token:
            return None
        return invitation_links.url(invitation.token)


class InvitationWish(StrictInput):
    """Whom to invite as what. The service judges the address, in words."""

    email = serializers.CharField(max_length=1000, allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices)


class TokenWish(StrictInput):
    """The token in an invitation's link, or all of the link."""

    token = serializers.CharField(max_length=1000)

    def validate_token(self, token: str) -> str:
        return token.rpartition("token=")[2]


def read(wish: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return what a body says. Raises ValidationError with words for each field."""
    wish.is_valid(raise_exception=True)
    return dict(wish.validated_data)

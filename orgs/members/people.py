"""The doors to an organization's members and invitations."""

from uuid import UUID

from django.db.models import Q, QuerySet

from orgs.access import Access
from orgs.models import Invitation, Membership
from orgs.roles import Permission
from redisgate.lib.errors import NotFound


def members_of(access: Access, words: str = "") -> QuerySet[Membership]:
    """Return the members whose name or address holds all of the words, in an order that stays."""
    access.require(Permission.MEMBER_VIEW)
    found = Membership.objects.filter(organization=access.organization).select_related("user")
    for word in words.split():
        found = found.filter(
            Q(user__username__icontains=word)
            | Q(user__shown_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    return found.order_by("user__username", "id")


def find_member(access: Access, member_id: UUID) -> Membership:
    """Return one. Raises NotFound for a foreign one and one that never was alike."""
    membership = members_of(access).filter(pk=member_id).first()
    if membership is None:
        raise NotFound("There is no such member. They may have left.", log="member not found")
    membership.organization = access.organization
    return membership


def me(access: Access) -> Membership:
    """Return the membership of the one who asks."""
    return members_of(access).get(user=access.user)


def invitations_of(access: Access) -> QuerySet[Invitation]:
    """Return what waits for an answer or has expired, the latest first."""
    access.require(Permission.MEMBER_VIEW)
    found = Invitation.objects.filter(organization=access.organization)
    return found.select_related("invited_by").order_by("-created_at", "id")


def find_invitation(access: Access, invitation_id: UUID) -> Invitation:
    """Return one. Raises NotFound for a foreign one and one that never was alike."""
    invitation = invitations_of(access).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound(
            "There is no such invitation. It may have been answered.", log="invitation not found"
        )
    invitation.organization = access.organization
    return invitation

"""``/api/organizations/{org}/invitations`` and ``/api/invitations``."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import actor_of, person
from audit.actors import Means
from orgs.api_door import OrganizationDoor
from orgs.invitations import services as invitations
from orgs.members import people
from orgs.members.serializers import (
    InvitationSerializer,
    InvitationWish,
    JoinedSerializer,
    TokenWish,
    read,
)
from orgs.models import Invitation
from orgs.roles import Permission, Role
from redisgate.lib import tokens
from redisgate.lib.ordering import StableOrderingFilter
from redisgate.lib.private_view import PrivateView
from redisgate.lib.searching import BoundedSearchFilter


class InvitationView(OrganizationDoor, GenericAPIView[Invitation]):
    serializer_class = InvitationSerializer

    def get_queryset(self) -> QuerySet[Invitation]:
        return people.invitations_of(self.enter(Permission.MEMBER_VIEW))

    def find(self, permission: Permission, invitation: UUID) -> Invitation:
        return people.find_invitation(self.enter(permission), invitation)


class InvitationList(InvitationView):
    filter_backends = (BoundedSearchFilter, StableOrderingFilter)
    search_fields = ("email",)
    ordering_fields = ("email", "created_at", "expires_at")
    ordering = ("-created_at",)

    def get(self, request: Request, org: UUID) -> Response:
        """List invitations that wait for an answer or have expired."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=InvitationWish, responses={201: InvitationSerializer})
    def post(self, request: Request, org: UUID) -> Response:
        """Invite whoever reads the mail of an address."""
        access = self.enter(Permission.MEMBER_INVITE)
        wish = read(InvitationWish(data=request.data))
        made = invitations.invite(
            self.actor(), access.organization, email=wish["email"], role=Role(wish["role"])
        )
        return Response(
            self.get_serializer(made).data,
            status=201,
            headers={"Location": f"/api/organizations/{org}/invitations/{made.id}"},
        )


class InvitationDetail(InvitationView):
    def get(self, request: Request, org: UUID, invitation: UUID) -> Response:
        """Show one invitation."""
        found = self.find(Permission.MEMBER_VIEW, invitation)
        return Response(self.get_serializer(found).data)

    def delete(self, request: Request, org: UUID, invitation: UUID) -> Response:
        """Withdraw an invitation."""
        invitations.withdraw(self.actor(), self.find(Permission.MEMBER_INVITE, invitation))
        return Response(status=204)


class InvitationResend(InvitationView):
    @extend_schema(request=None, responses=InvitationSerializer)
    def post(self, request: Request, org: UUID, invitation: UUID) -> Response:
        """Send an invitation again with a new link; the former link ends."""
        found = self.find(Permission.MEMBER_INVITE, invitation)
        return Response(self.get_serializer(invitations.resend(self.actor(), found)).data)


class Accept(PrivateView):
    @extend_schema(request=TokenWish, responses=JoinedSerializer)
    def post(self, request: Request) -> Response:
        """Become a member, with the token in the link of an invitation to the caller's address."""
        wish = read(TokenWish(data=request.data))
        joined = invitations.accept(
            actor_of(request, Means.API), person(request), tokens.fingerprint(wish["token"])
        )
        return Response(JoinedSerializer(joined).data)


class Decline(PrivateView):
    @extend_schema(request=TokenWish, responses={204: None})
    def post(self, request: Request) -> Response:
        """Say no to an invitation."""
        wish = read(TokenWish(data=request.data))
        fingerprint = tokens.fingerprint(wish["token"])
        address = request.META.get("REMOTE_ADDR") or None
        invitations.decline(fingerprint, means=Means.API, address=address)
        return Response(status=204)

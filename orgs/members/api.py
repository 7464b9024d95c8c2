"""``/api/organizations/{org}/members``, ``/leave`` and ``/transfer``."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import reauthentication
from orgs.api_door import OrganizationDoor
from orgs.members import people
from orgs.members import services as members
from orgs.members.serializers import MemberSerializer, RoleWish, TransferWish, read
from orgs.models import Membership
from orgs.roles import Permission, Role
from redisgate.lib.ordering import StableOrderingFilter
from redisgate.lib.searching import BoundedSearchFilter


class MemberView(OrganizationDoor, GenericAPIView[Membership]):
    serializer_class = MemberSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        return people.members_of(self.enter(Permission.MEMBER_VIEW))

    def find(self, permission: Permission, member: UUID) -> Membership:
        return people.find_member(self.enter(permission), member)


class MemberList(MemberView):
    filter_backends = (BoundedSearchFilter, StableOrderingFilter)
    search_fields = ("user__username", "user__email")
    ordering_fields = ("role", "created_at")
    ordering = ("user__username",)

    def get(self, request: Request, org: UUID) -> Response:
        """List members; ``?search=`` looks into names and addresses."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class MemberDetail(MemberView):
    def get(self, request: Request, org: UUID, member: UUID) -> Response:
        """Show one member."""
        return Response(self.get_serializer(self.find(Permission.MEMBER_VIEW, member)).data)

    @extend_schema(request=RoleWish, responses=MemberSerializer)
    def patch(self, request: Request, org: UUID, member: UUID) -> Response:
        """Give a member another role."""
        found = self.find(Permission.MEMBER_CHANGE, member)
        wish = read(RoleWish(data=request.data))
        members.change_role(self.actor(), found, Role(wish["role"]))
        return Response(self.get_serializer(found).data)

    def delete(self, request: Request, org: UUID, member: UUID) -> Response:
        """End a membership; API keys that the person made stay in use."""
        members.remove(self.actor(), self.find(Permission.MEMBER_CHANGE, member))
        return Response(status=204)


class Leave(OrganizationDoor):
    """Keys of any role end nobody's membership: people leave themselves."""

    accepts_management_keys = False

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, org: UUID) -> Response:
        """End the caller's own membership."""
        members.leave(self.actor(), people.me(self.enter(Permission.MEMBER_VIEW)))
        return Response(status=204)


class Transfer(MemberView):
    @extend_schema(request=TransferWish, responses=MemberSerializer)
    def post(self, request: Request, org: UUID) -> Response:
        """Make a member owner in the caller's place, who becomes an admin; show the new owner."""
        access = self.enter(Permission.OWNERSHIP_TRANSFER)
        wish = read(TransferWish(data=request.data))
        reauthentication.require_of_sessions(request)
        members.transfer_ownership(self.actor(), people.find_member(access, wish["member"]))
        return Response(self.get_serializer(people.find_member(access, wish["member"])).data)

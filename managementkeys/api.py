"""Management keys in the management API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import reauthentication
from managementkeys import services
from managementkeys.access import find, keys_of
from managementkeys.models import ManagementKey
from managementkeys.serializers import (
    ManagementKeyInput,
    ManagementKeyMade,
    ManagementKeyOutput,
)
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission
from redisgate.lib.ordering import StableOrderingFilter


class ManagementKeyView(OrganizationDoor, GenericAPIView[ManagementKey]):
    """Keys can't make, see or end keys: that takes a person."""

    serializer_class = ManagementKeyOutput
    accepts_management_keys = False
    observed_fields = ("status", "last_used_at", "last_used_from")


class ManagementKeyList(ManagementKeyView):
    filter_backends = (StableOrderingFilter,)
    ordering_fields = ("name", "created_at", "expires_at", "last_used_at")

    @extend_schema(responses=ManagementKeyOutput(many=True))
    def get(self, request: Request, org: UUID) -> Response:
        """List the organization's management keys, newest first."""
        keys = keys_of(self.enter(Permission.MANAGEMENT_KEY_VIEW))
        page = self.paginate_queryset(self.filter_queryset(keys))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=ManagementKeyInput, responses={201: ManagementKeyMade})
    def post(self, request: Request, org: UUID) -> Response:
        """Make a management key. Its token is in this answer and never again."""
        access = self.enter(Permission.MANAGEMENT_KEY_EDIT)
        reauthentication.require_of_sessions(request)
        wish = ManagementKeyInput(data=request.data)
        wish.is_valid(raise_exception=True)
        key, token = services.create(self.actor(), access, **wish.validated_data)
        body: dict[str, Any] = {**self.get_serializer(key).data, "key": token}
        return Response(body, status=201, headers={"Location": f"{request.path}/{key.pk}"})


class ManagementKeyDetail(ManagementKeyView):
    def get(self, request: Request, org: UUID, management_key: UUID) -> Response:
        """Show one management key, never its token."""
        found = find(self.enter(Permission.MANAGEMENT_KEY_VIEW), management_key)
        return Response(self.get_serializer(found).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, org: UUID, management_key: UUID) -> Response:
        """Revoke a management key; it stays in the list as revoked."""
        access = self.enter(Permission.MANAGEMENT_KEY_EDIT)
        services.revoke(self.actor(), access, find(access, management_key))
        return Response(status=204)

"""API keys in the management API."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apikeys import reports, services
from apikeys.access import find, keys_of
from apikeys.models import ApiKey, ApiKeyQuerySet, KeyStatus
from apikeys.serializers import ApiKeyInput, ApiKeyMade, ApiKeyOutput, UsageOutput
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission
from redisgate.lib.errors import InvalidInput
from redisgate.lib.ordering import StableOrderingFilter


class ApiKeyView(OrganizationDoor, GenericAPIView[ApiKey]):
    serializer_class = ApiKeyOutput


class ApiKeyList(ApiKeyView):
    filter_backends = [StableOrderingFilter]
    ordering_fields = ["name", "created_at", "expires_at", "last_used_at"]

    @extend_schema(
        responses=ApiKeyOutput(many=True),
        parameters=[OpenApiParameter("status", str, enum=KeyStatus.values)],
    )
    def get(self, request: Request, org: UUID) -> Response:
        """List the organization's keys, newest first; ``?status=`` and ``?ordering=`` narrow."""
        keys = _with_status(
            keys_of(self.enter(Permission.API_KEY_VIEW)), request.query_params.get("status")
        )
        page = self.paginate_queryset(self.filter_queryset(keys))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=ApiKeyInput, responses={201: ApiKeyMade})
    def post(self, request: Request, org: UUID) -> Response:
        """Make a key. Its token is in this answer and never again."""
        access = self.enter(Permission.API_KEY_CREATE)
        wish = ApiKeyInput(data=request.data)
        wish.is_valid(raise_exception=True)
        key, token = services.create(self.actor(), access.organization, **wish.validated_data)
        body = ApiKeyOutput(find(access, key.pk)).data
        headers = {"Location": f"{request.path}/{key.pk}"}
        return Response({**body, "key": token}, status=201, headers=headers)


class ApiKeyDetail(ApiKeyView):
    observed_fields = ("status", "last_used_at", "last_used_from", "last_used_with")

    def get(self, request: Request, org: UUID, key: UUID) -> Response:
        """Show one key, never its token."""
        found = find(self.enter(Permission.API_KEY_VIEW), key)
        return Response(self.get_serializer(found).data)

    def delete(self, request: Request, org: UUID, key: UUID) -> Response:
        """Revoke the key; it stays in the list as revoked."""
        services.revoke(self.actor(), find(self.enter(Permission.API_KEY_REVOKE), key))
        return Response(status=204)


class ApiKeyUsage(ApiKeyView):
    @extend_schema(
        responses=UsageOutput,
        parameters=[OpenApiParameter("hours", int, description="How far to look back.")],
    )
    def get(self, request: Request, org: UUID, key: UUID) -> Response:
        """Say what the key did over HTTP; ``?hours=`` is how far to look back, a day by default."""
        found = find(self.enter(Permission.API_KEY_VIEW), key)
        used = reports.report(found, hours=_hours(request.query_params.get("hours")))
        return Response(used.render())


class ApiKeyRevoke(ApiKeyView):
    @extend_schema(request=None, responses=ApiKeyOutput)
    def post(self, request: Request, org: UUID, key: UUID) -> Response:
        """Revoke the key and return it."""
        found = find(self.enter(Permission.API_KEY_REVOKE), key)
        services.revoke(self.actor(), found)
        return Response(self.get_serializer(found).data)


def _hours(wanted: str | None) -> int:
    if wanted is None:
        return 24
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 6
    if not is_number or not 1 <= int(wanted) <= reports.HOURS_MAX:
        raise InvalidInput(f"hours must be a whole number from 1 to {reports.HOURS_MAX}.")
    return int(wanted)


def _with_status(keys: ApiKeyQuerySet, wanted: str | None) -> ApiKeyQuerySet:
    if wanted is None:
        return keys
    if wanted not in KeyStatus.values:
        raise InvalidInput(f"status must be one of {', '.join(KeyStatus.values)}.")
    return keys.with_status(KeyStatus(wanted))

"""API keys in the management API."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apikeys import charts, editing, reports, rotation, services
from apikeys.access import find, keys_of, matching
from apikeys.models import ApiKey, ApiKeyQuerySet, KeyStatus
from apikeys.serializers import (
    USAGE,
    ApiKeyInput,
    ApiKeyMade,
    ApiKeyOutput,
    FormerSecretUses,
    RotationInput,
    SecretUseOutput,
    SimulationInput,
    SimulationOutput,
)
from apikeys.simulation import simulate
from instances import access as instances
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission
from redisgate.lib import graces
from redisgate.lib.errors import InvalidInput
from redisgate.lib.ordering import StableOrderingFilter


class ApiKeyView(OrganizationDoor, GenericAPIView[ApiKey]):
    serializer_class = ApiKeyOutput


class ApiKeyList(ApiKeyView):
    filter_backends = [StableOrderingFilter]
    ordering_fields = ["name", "created_at", "expires_at", "last_used_at"]

    @extend_schema(
        responses=ApiKeyOutput(many=True),
        parameters=[
            OpenApiParameter("status", str, enum=KeyStatus.values),
            OpenApiParameter("search", str, description="In names and prefixes."),
        ],
    )
    def get(self, request: Request, org: UUID) -> Response:
        """List the organization's keys, newest first; ``?status=`` and ``?search=`` narrow."""
        keys = _with_status(
            keys_of(self.enter(Permission.API_KEY_VIEW)), request.query_params.get("status")
        )
        keys = matching(keys, request.query_params.get("search", ""))
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

    @extend_schema(request=ApiKeyInput, responses=ApiKeyOutput)
    def patch(self, request: Request, org: UUID, key: UUID) -> Response:
        """Change what is named; the rest, and the secret, stay."""
        access = self.enter(Permission.API_KEY_EDIT)
        found = find(access, key)
        changes = ApiKeyInput(data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        editing.edit(self.actor(), found, **changes.validated_data)
        return Response(self.get_serializer(find(access, key)).data)

    def delete(self, request: Request, org: UUID, key: UUID) -> Response:
        """Revoke the key; it stays in the list as revoked."""
        services.revoke(self.actor(), find(self.enter(Permission.API_KEY_REVOKE), key))
        return Response(status=204)


class ApiKeyUsage(ApiKeyView):
    @extend_schema(
        responses=USAGE,
        parameters=[
            OpenApiParameter("hours", int, description="How far to look back."),
            OpenApiParameter("range", str, enum=list(charts.RANGES)),
        ],
    )
    def get(self, request: Request, org: UUID, key: UUID) -> Response:
        """Say what the key did over HTTP.

        ``?hours=`` is how far to look back, a day by default; ``?range=`` (24h, 7d, 30d, 90d)
        gives a value for every hour or day, as charts want it.
        """
        found = find(self.enter(Permission.API_KEY_VIEW), key)
        if "range" in request.query_params:
            wanted = charts.named(request.query_params["range"])
            return Response(charts.of(found, wanted).render())
        used = reports.report(found, hours=_hours(request.query_params.get("hours")))
        return Response(used.render())


class ApiKeyRevoke(ApiKeyView):
    @extend_schema(request=None, responses=ApiKeyOutput)
    def post(self, request: Request, org: UUID, key: UUID) -> Response:
        """Revoke the key and return it."""
        found = find(self.enter(Permission.API_KEY_REVOKE), key)
        services.revoke(self.actor(), found)
        return Response(self.get_serializer(found).data)


class ApiKeyRotate(ApiKeyView):
    @extend_schema(request=RotationInput, responses=ApiKeyMade)
    def post(self, request: Request, org: UUID, key: UUID) -> Response:
        """Make another secret. It is in this answer and never again."""
        access = self.enter(Permission.API_KEY_EDIT)
        found = find(access, key)
        wish = RotationInput(data=request.data)
        wish.is_valid(raise_exception=True)
        grace = graces.of(wish.validated_data["grace_seconds"])
        token = rotation.rotate(self.actor(), found, grace=grace)
        return Response({**ApiKeyOutput(find(access, key)).data, "key": token})


class ApiKeyFormerSecret(ApiKeyView):
    @extend_schema(responses=FormerSecretUses)
    def get(self, request: Request, org: UUID, key: UUID) -> Response:
        """Say who used which of the two secrets over HTTP since the rotation."""
        found = find(self.enter(Permission.API_KEY_VIEW), key)
        uses = found.secret_uses.select_related("key")
        body = ApiKeyOutput(found).data["former_secret"]
        return Response({"former_secret": body, "uses": SecretUseOutput(uses, many=True).data})

    def delete(self, request: Request, org: UUID, key: UUID) -> Response:
        """End the former secret now."""
        found = find(self.enter(Permission.API_KEY_EDIT), key)
        rotation.end_former(self.actor(), found)
        return Response(status=204)


class ApiKeySimulate(ApiKeyView):
    @extend_schema(request=SimulationInput, responses=SimulationOutput)
    def post(self, request: Request, org: UUID, key: UUID) -> Response:
        """Say whether the key may run a command, and which rule decides. Nothing is executed."""
        access = self.enter(Permission.API_KEY_VIEW)
        found = find(access, key)
        wish = SimulationInput(data=request.data)
        wish.is_valid(raise_exception=True)
        instance = instances.find(access, wish.validated_data["instance"])
        judged = simulate(
            found,
            instance,
            wish.validated_data["command"],
            address=wish.validated_data["address"],
        )
        return Response({"instance": str(instance.pk), **judged.render()})


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

"""``/api/organizations``."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import reauthentication
from accounts.actors import actor_of, person
from audit.actors import Means
from orgs import access, deletion, services
from orgs.access import refuse_keys
from orgs.models import Organization
from orgs.roles import Permission
from orgs.serializers import OrganizationSerializer
from redisgate.lib.ordering import StableOrderingFilter
from redisgate.lib.private_view import PrivateView
from redisgate.lib.searching import BoundedSearchFilter


class OrganizationView(PrivateView, GenericAPIView[Organization]):
    """What every operation on organizations starts with: those of the caller, and their role."""

    serializer_class = OrganizationSerializer
    accepts_management_keys = True

    def get_queryset(self) -> QuerySet[Organization]:
        mine = access.organizations_of(person(self.request))
        return mine.annotate(role=F("memberships__role"))

    def shown(self, organization: UUID) -> dict[str, object]:
        return dict(self.get_serializer(self.get_queryset().get(pk=organization)).data)


class OrganizationList(OrganizationView):
    filter_backends = (BoundedSearchFilter, StableOrderingFilter)
    search_fields = ("name", "slug")
    ordering_fields = ("name", "slug", "created_at")
    ordering = ("name",)

    @extend_schema(responses=OrganizationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the caller's organizations; ``?search=`` and ``?ordering=`` narrow and order.

        Of one that asks for its single sign-on first, only what names it is shown.
        """
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        is_listing = self.request.method == "GET"
        return {**context, "closed": access.closed_to(person(self.request)) if is_listing else ()}

    @extend_schema(responses={201: OrganizationSerializer})
    def post(self, request: Request) -> Response:
        """Make an organization with the caller as its owner."""
        refuse_keys(person(request))
        wish = self.get_serializer(data=request.data)
        wish.is_valid(raise_exception=True)
        organization = services.create(
            actor_of(request, Means.API), owner=person(request), **wish.validated_data
        )
        return Response(
            self.shown(organization.id),
            status=201,
            headers={"Location": f"/api/organizations/{organization.id}"},
        )


class OrganizationDetail(OrganizationView):
    def get(self, request: Request, org: UUID) -> Response:
        """Show one organization."""
        self._enter(Permission.ORGANIZATION_VIEW)
        return Response(self.shown(org))

    def patch(self, request: Request, org: UUID) -> Response:
        """Change name or description; the slug stays, because links point to it."""
        organization = self._enter(Permission.ORGANIZATION_EDIT)
        wish = self.get_serializer(data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        current = {"name": organization.name, "description": organization.description}
        services.update(
            actor_of(request, Means.API), organization, **{**current, **wish.validated_data}
        )
        return Response(self.shown(org))

    @extend_schema(responses={202: OrganizationSerializer, 204: None})
    def delete(self, request: Request, org: UUID) -> Response:
        """Delete an organization with all that is in it; 202 while its servers are ending."""
        organization = self._enter(Permission.ORGANIZATION_DELETE)
        reauthentication.require_of_sessions(request)
        if deletion.delete(actor_of(request, Means.API), organization):
            return Response(status=204)
        return Response(self.shown(org), status=202)

    def _enter(self, permission: Permission) -> Organization:
        return access.enter(person(self.request), self.kwargs["org"], permission).organization

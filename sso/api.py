"""``/api/organizations/{organization}/sso``."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import person
from orgs.access import Access
from orgs.api_door import OrganizationDoor
from orgs.models import Organization
from orgs.roles import Permission, Role
from sso import connecting, domain_services, services
from sso.models import Domain, IdentityProvider, Mode, Protocol, key_of
from sso.presentation import addresses
from sso.serializers import SsoSerializer, SsoShownSerializer
from sso.services import Connection


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SsoView(OrganizationDoor):
    """An organization's single sign-on as one resource; without a provider, ``mode`` is off."""

    said: dict[str, Any]
    connection: Connection

    @extend_schema(responses=SsoShownSerializer)
    def get(self, request: Request, org: UUID) -> Response:
        """Show the provider, the domains, and what the provider must be told of us."""
        return Response(_shown(self.enter(Permission.SSO_VIEW).organization))

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read what is wished, and look the provider up: that is for its own server to answer."""
        if request.method == "PUT":
            entered = self.enter(Permission.SSO_MANAGE)
            wish = SsoSerializer(data=request.data)
            wish.is_valid(raise_exception=True)
            self.said = dict(wish.validated_data)
            self.connection = _connection(entered.organization, self.said)

    @extend_schema(request=SsoSerializer, responses=SsoShownSerializer)
    def put(self, request: Request, org: UUID) -> Response:
        """Connect a provider, or change it. Its test is done in a browser."""
        entered = self.enter(Permission.SSO_MANAGE)
        with transaction.atomic():
            row = services.connect(self.actor(), entered.organization, self.connection)
            if "domains" in self.said:
                self._set_domains(entered, self.said["domains"])
            services.set_policy(
                self.actor(),
                entered.organization,
                mode=Mode(self.said.get("mode", row.mode)),
                default_role=Role(self.said.get("default_role", row.default_role)),
            )
        return Response(_shown(entered.organization))

    def delete(self, request: Request, org: UUID) -> Response:
        """Disconnect the provider; members stay, and log in with a password."""
        services.disconnect(self.actor(), self.enter(Permission.SSO_MANAGE).organization)
        return Response(status=204)

    def _set_domains(self, entered: Access, names: list[str]) -> None:
        operator = person(self.request)
        claimed = [
            domain_services.claim(self.actor(), entered.organization, name) for name in names
        ]
        for domain in claimed:
            if operator.is_staff:
                domain_services.approve(self.actor(), domain, operator=operator)
        kept = {domain.pk for domain in claimed}
        for domain in Domain.objects.filter(organization=entered.organization).exclude(pk__in=kept):
            domain_services.remove(self.actor(), domain)


def _connection(organization: Organization, said: dict[str, Any]) -> Connection:
    def given(*names: str) -> dict[str, Any]:
        return {name: said[name] for name in names if name in said}

    if said["protocol"] == Protocol.SAML:
        return connecting.saml(organization, **given("name", "metadata_url", "metadata_xml"))
    names = ("name", "issuer", "client_id", "client_secret", "addresses_are_managed")
    return connecting.oidc(organization, **given(*names))


def _shown(organization: Organization) -> dict[str, Any]:
    row = IdentityProvider.objects.filter(organization=organization).first()
    domains = Domain.objects.filter(organization=organization)
    names = ("protocol", "name", "issuer", "client_id", "addresses_are_managed", "tested_at")
    return {
        **{name: getattr(row, name, None) for name in names},
        "has_client_secret": bool(row and row.client_secret),
        "mode": row.mode if row else Mode.OFF,
        "default_role": row.default_role if row else None,
        "domains": [
            {"name": domain.name, "is_approved": domain.approved_at is not None}
            for domain in domains
        ],
        **addresses(key_of(organization.id)),
    }

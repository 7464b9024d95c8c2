from dataclasses import dataclass

import pytest
from django.utils import timezone

from orgs.roles import Role
from sso.models import Domain, IdentityProvider, Mode, Protocol
from tests.conftest import Cast

ACME_DOMAIN = "acme.example"


@dataclass(frozen=True)
class Acme:
    """Acme with an identity provider that may speak for acme.example."""

    cast: Cast
    provider: IdentityProvider

    def require(self) -> None:
        self.provider.mode = Mode.REQUIRED
        self.provider.save()


@pytest.fixture
def acme(cast: Cast) -> Acme:
    now = timezone.now()
    provider = IdentityProvider.objects.create(
        organization=cast.acme,
        protocol=Protocol.OIDC,
        name="Acme ID",
        issuer="https://id.acme.example",
        client_id="redisgate",
        client_secret="sealed-at-rest",
        default_role=Role.VIEWER,
        mode=Mode.OPTIONAL,
        connected_at=now,
        tested_at=now,
    )
    Domain.objects.create(organization=cast.acme, name=ACME_DOMAIN, approved_at=now)
    for user in (cast.owner, cast.admin, cast.developer, cast.viewer):
        user.email = f"{user.username}@{ACME_DOMAIN}"
        user.save()
    return Acme(cast, provider)

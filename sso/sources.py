"""Every identity provider: the platform's own from the settings, and those of organizations."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from allauth.socialaccount.models import SocialApp
from django.conf import settings

from sso import domains, metadata
from sso.metadata import Metadata
from sso.models import Domain, IdentityProvider, Mode, Protocol
from sso.rules import Speaker

PLATFORM_OIDC = "platform"
PLATFORM_SAML = "platform-saml"
ANY_DOMAIN = "*"

_ORGANIZATIONS = re.compile(r"org-([0-9a-f]{32})")
_ALLAUTH = {Protocol.OIDC: "openid_connect", Protocol.SAML: "saml"}


@dataclass(frozen=True, slots=True)
class Source:
    """One provider. ``row`` is None for the platform's own."""

    key: str
    protocol: Protocol
    name: str
    row: IdentityProvider | None = None

    @property
    def is_on(self) -> bool:
        return self.row is None or self.row.mode != Mode.OFF

    def app(self) -> SocialApp:
        """Give django-allauth its view of the provider; it is never stored."""
        return SocialApp(
            provider=_ALLAUTH[self.protocol],
            provider_id=self.key,
            name=self.name,
            **(_oidc(self.row) if self.protocol == Protocol.OIDC else _saml(self.key, self.row)),
        )

    def speaker(self) -> Speaker:
        """Say for whom the provider may speak."""
        if self.row is None:
            named = frozenset(settings.SSO_DOMAINS)
            return Speaker(
                name=self.name,
                of="this platform",
                domains=None if ANY_DOMAIN in named else named,
                silence_is_yes=self.protocol == Protocol.SAML,
                speaks_for_operators=True,
            )
        return Speaker(
            name=self.name,
            of=self.row.organization.name,
            domains=approved(self.row.organization_id),
            silence_is_yes=self.protocol == Protocol.SAML or self.row.addresses_are_managed,
            speaks_for_operators=False,
        )


def approved(organization: UUID) -> frozenset[str]:
    """Return the domains that an organization has shown to be its own."""
    rows = Domain.objects.filter(organization=organization, approved_at__isnull=False)
    return frozenset(rows.values_list("name", flat=True))


def platform() -> list[Source]:
    """List what the operator has set up for everybody."""
    found = []
    if settings.SSO_OIDC_ISSUER:
        found.append(Source(PLATFORM_OIDC, Protocol.OIDC, settings.SSO_OIDC_NAME))
    if settings.SSO_SAML_METADATA:
        found.append(Source(PLATFORM_SAML, Protocol.SAML, settings.SSO_SAML_NAME))
    return found


def find(key: str) -> Source | None:
    """Find a provider by its key, whether it is switched on or not."""
    if (match := _ORGANIZATIONS.fullmatch(key)) is None:
        return next((source for source in platform() if source.key == key), None)
    rows = IdentityProvider.objects.select_related("organization")
    row = rows.filter(organization=UUID(match[1])).first()
    return of(row) if row is not None else None


def of(row: IdentityProvider) -> Source:
    return Source(row.key, Protocol(row.protocol), row.name, row)


def for_address(address: str) -> Source | None:
    """Find who may vouch for an address, by its domain and nothing else.

    So the answer is the same for every address at a domain, and tells of no account.
    """
    domain = domains.of_address(address.strip())
    if not domain:
        return None
    rows = IdentityProvider.objects.select_related("organization").exclude(mode=Mode.OFF)
    row = rows.filter(
        organization__email_domains__name=domain,
        organization__email_domains__approved_at__isnull=False,
    ).first()
    if row is not None:
        return of(row)
    named = settings.SSO_DOMAINS
    return next(iter(platform()), None) if domain in named or ANY_DOMAIN in named else None


def is_any_on() -> bool:
    """Tell whether there is a provider to be found by an address."""
    return bool(platform()) or IdentityProvider.objects.exclude(mode=Mode.OFF).exists()


def _oidc(row: IdentityProvider | None) -> dict[str, object]:
    if row is None:
        return {
            "client_id": settings.SSO_OIDC_CLIENT_ID,
            "secret": settings.SSO_OIDC_CLIENT_SECRET,
            "settings": {"server_url": settings.SSO_OIDC_ISSUER},
        }
    return {
        "client_id": row.client_id,
        "secret": row.client_secret,
        "settings": {"server_url": row.issuer},
    }


def _saml(key: str, row: IdentityProvider | None) -> dict[str, object]:
    known = (
        _platform_metadata(settings.SSO_SAML_METADATA)
        if row is None
        else Metadata(row.issuer, row.sign_in_url, row.certificate)
    )
    idp = {
        "entity_id": known.entity_id,
        "sso_url": known.sign_in_url,
        "x509cert": known.certificate,
    }
    # Networks of one's own have names such as http://redis/.
    advanced = {"allow_single_label_domains": True}
    # allauth finds a SAML provider by its client id, which stands in its addresses.
    return {"client_id": key, "settings": {"idp": idp, "advanced": advanced}}


@lru_cache(maxsize=1)
def _platform_metadata(place: str) -> Metadata:
    """Read it once for each process; who changes it starts the platform anew."""
    if place.startswith(("https://", "http://")):
        return metadata.fetch(place)
    return metadata.read(Path(place).read_text(encoding="utf-8"))

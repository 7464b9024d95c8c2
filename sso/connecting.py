"""From what somebody says of a provider to a connection: everything is looked up first."""

from urllib.parse import urlsplit

from orgs.models import Organization
from redisgate.lib.errors import InvalidInput
from redisgate.lib.one_line import one_line_in
from redisgate.lib.resolving import on_behalf_of
from sso import discovery, metadata
from sso.models import IdentityProvider, Protocol, key_of
from sso.refusals import ProviderFailed
from sso.services import Connection

LONGEST_NAME = 40


def oidc(
    organization: Organization,
    *,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str = "",
    addresses_are_managed: bool = False,
) -> Connection:
    """Look an OpenID provider up. An empty secret means the one that is saved.

    Raises InvalidInput that names the field.
    """
    issuer = issuer.strip()
    if not discovery.is_web_address(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise InvalidInput.in_field(
            "issuer", "Write the issuer as an address such as https://id.acme.example."
        )
    secret = client_secret or _saved_secret(organization, issuer, client_id)
    if not secret:
        raise InvalidInput.in_field(
            "client_secret", "Give the client secret that the provider has made."
        )
    try:
        with on_behalf_of(key_of(organization.id)):
            discovery.fetch(issuer)
    except ProviderFailed as error:
        raise InvalidInput.in_field("issuer", error.message) from error
    return Connection(
        protocol=Protocol.OIDC,
        name=_name(name),
        issuer=issuer,
        client_id=client_id.strip(),
        client_secret=secret,
        addresses_are_managed=addresses_are_managed,
    )


def saml(
    organization: Organization, *, name: str, metadata_url: str = "", metadata_xml: str = ""
) -> Connection:
    """Read a SAML provider's metadata. Raises InvalidInput that names the field."""
    field = "metadata_url" if metadata_url else "metadata_xml"
    try:
        if metadata_url and not discovery.is_web_address(metadata_url):
            raise InvalidInput.in_field(
                field, "Write an address that begins with https://, or paste the XML."
            )
        with on_behalf_of(key_of(organization.id)):
            found = metadata.fetch(metadata_url) if metadata_url else metadata.read(metadata_xml)
    except ProviderFailed as error:
        raise InvalidInput.in_field(field, error.message) from error
    return Connection(
        protocol=Protocol.SAML,
        name=_name(name),
        issuer=found.entity_id,
        sign_in_url=found.sign_in_url,
        certificate=found.certificate,
    )


def _saved_secret(organization: Organization, issuer: str, client_id: str) -> str:
    """Give the saved secret for the client it was made for.

    At another issuer it would be told to somebody who never had it.
    """
    row = IdentityProvider.objects.filter(
        organization=organization, issuer=issuer, client_id=client_id.strip()
    ).first()
    return row.client_secret if row else ""


def _name(text: str) -> str:
    name = one_line_in("name", text)
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput.in_field("name", f"Give it a name of at most {LONGEST_NAME} characters.")
    return name

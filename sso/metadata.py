"""What a SAML identity provider says of itself."""

from dataclasses import dataclass

from allauth.socialaccount.adapter import get_adapter
from lxml.etree import XMLSyntaxError
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from requests import RequestException

from redisgate.lib.outward_http import FetchRefused
from sso.discovery import is_web_address
from sso.refusals import ProviderFailed

LARGEST = 512 * 1024
EXPORT = "Export it from your identity provider as XML."


@dataclass(frozen=True, slots=True)
class Metadata:
    """``certificate`` is base64 without its frame, as metadata holds it."""

    entity_id: str
    sign_in_url: str
    certificate: str


def fetch(url: str) -> Metadata:
    """Read metadata at an address. Raises ProviderFailed."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url)
    except FetchRefused as refusal:
        raise ProviderFailed(str(refusal)) from refusal
    except RequestException as error:
        raise ProviderFailed(
            f"Nothing useful answers at {url}. Check the address.", log=str(error)
        ) from error
    if answer.status_code != 200:
        raise ProviderFailed(f"There is no metadata at {url}. Check the address.")
    return read(answer.text)


def read(xml: str) -> Metadata:
    """Read metadata. Raises ProviderFailed."""
    if len(xml) > LARGEST or "<!" in xml.replace("<!--", ""):
        # Entities and document types have no place in metadata, and are a way into the parser.
        raise ProviderFailed(f"This is no SAML metadata. {EXPORT}")
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(xml.encode()).get("idp", {})
    except (XMLSyntaxError, OneLogin_Saml2_Error, ValueError) as error:
        raise ProviderFailed(f"This is no SAML metadata. {EXPORT}", log=str(error)) from error
    certificates = found.get("x509certMulti", {}).get("signing", [])
    certificate = found.get("x509cert") or next(iter(certificates), "")
    sign_in_url = found.get("singleSignOnService", {}).get("url")
    if not (found.get("entityId") and certificate and is_web_address(sign_in_url)):
        raise ProviderFailed(
            "The metadata lacks an entity id, a signing certificate or an address for signing in "
            f"by redirect (HTTP-Redirect). {EXPORT}"
        )
    return Metadata(found["entityId"], sign_in_url, "".join(certificate.split()))

"""What an OpenID provider says of itself at its issuer's address."""

from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from requests import RequestException

from redisgate.lib.outward_http import FetchRefused
from sso.refusals import ProviderFailed

WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def fetch(issuer: str) -> dict[str, Any]:
    """Read a provider's configuration, or raise ProviderFailed with the cause in words."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(issuer.rstrip("/") + WELL_KNOWN)
            found = answer.json() if answer.status_code == 200 else None
    except FetchRefused as refusal:
        raise ProviderFailed(str(refusal)) from refusal
    except RequestException as error:
        raise ProviderFailed(
            f"Nothing useful answers at {issuer}. Check the issuer's address.", log=str(error)
        ) from error
    if not isinstance(found, dict):
        raise ProviderFailed(
            f"There is no OpenID configuration at {issuer}{WELL_KNOWN}. Check the issuer's address."
        )
    return _checked(found, issuer)


def _checked(found: dict[str, Any], issuer: str) -> dict[str, Any]:
    if str(found.get("issuer")).rstrip("/") != issuer.rstrip("/"):
        raise ProviderFailed(
            f"The provider calls itself {found.get('issuer')}, not {issuer}. "
            "Write the issuer exactly as the provider does."
        )
    named = [*ENDPOINTS, *(["userinfo_endpoint"] if "userinfo_endpoint" in found else [])]
    if not all(is_web_address(found.get(name)) for name in named):
        raise ProviderFailed(f"The OpenID configuration at {issuer} names no usable endpoints.")
    return found


def is_web_address(text: object) -> bool:
    """Tell whether a browser can be sent there; which addresses we fetch is decided elsewhere."""
    if not isinstance(text, str) or not text.isprintable() or " " in text:
        return False
    try:
        url = urlsplit(text)
        return url.scheme in {"http", "https"} and bool(url.hostname) and not url.username
    except ValueError:
        return False

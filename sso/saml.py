"""django-allauth's SAML, found by our keys."""

from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sso.oidc import LONGEST_SUBJECT

_ADDRESS_NAMES = ["email", "mail", "emailAddress", "Email", "urn:oid:1.2.840.113549.1.9.1"]


class Provider(SAMLProvider):  # type: ignore[misc]  # allauth is untyped
    package = "allauth.socialaccount.providers.saml"
    default_attribute_mapping = {
        **SAMLProvider.default_attribute_mapping,
        "email": [*SAMLProvider.default_attribute_mapping["email"], *_ADDRESS_NAMES],
    }

    def extract_uid(self, data: Any) -> str:
        found = super().extract_uid(data)
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST_SUBJECT:
            raise ProviderException("the answer names nobody")
        return found

    def _extract(self, data: Any) -> dict[str, Any]:
        found: dict[str, Any] = super()._extract(data)
        if not str(found.get("email", "")).isascii():
            # Small letters of other alphabets can become ASCII on the way, and so somebody else.
            del found["email"]
        return found

    def serialize(self) -> dict[str, str]:
        return {"id": self.sub_id}


def acs_url(key: str) -> str:
    """Return where a provider sends its answers."""
    return settings.PUBLIC_URL + reverse("saml_acs", args=[key])


def entity_id(key: str) -> str:
    """Return the name under which a provider knows us; our metadata is found there, too."""
    return settings.PUBLIC_URL + reverse("saml_metadata", args=[key])


def at_public_address(request: HttpRequest) -> HttpRequest:
    """Let a request say the platform's own address: our names in SAML are made from it."""
    request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc
    return request

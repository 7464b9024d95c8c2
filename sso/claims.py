"""What an identity provider says of somebody who has just signed in there."""

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialLogin

from sso.models import Protocol


@dataclass(frozen=True, slots=True)
class Claim:
    """``is_verified`` is None where the provider doesn't say whether it checked the address."""

    address: str
    is_verified: bool | None


def of(login: SocialLogin, protocol: str) -> Claim:
    """Read the address and its standing from the answer itself."""
    said = login.account.extra_data
    if protocol == Protocol.OIDC:
        said = said.get("userinfo") or said.get("id_token") or {}
        return Claim(_text(said.get("email")), truth(said.get("email_verified")))
    attributes = {name.lower(): values for name, values in said.items() if values}
    verified = next(
        (attributes[name][0] for name in _SAML_VERIFIED if name in attributes),
        None,
    )
    return Claim(_text(login.user.email), truth(verified))


def truth(said: Any) -> bool | None:
    """Take nothing but a plain yes for a yes: some providers write "false" as text."""
    if said is None:
        return None
    return said is True or (isinstance(said, str) and said.lower() in {"true", "1"})


_SAML_VERIFIED = ("email_verified", "http://schemas.auth0.com/email_verified")


def _text(value: Any) -> str:
    """Give the text in small letters, unless that could make ASCII of another alphabet's."""
    if not isinstance(value, str):
        return ""
    return value.strip().lower() if value.isascii() else value

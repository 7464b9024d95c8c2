"""django-allauth's OpenID Connect, held to the letter of what we rely on."""

import hmac
import secrets
from functools import cached_property
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from sso import discovery

LONGEST_SUBJECT = 191


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Where the endpoints are, and how an answer is read."""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        return discovery.fetch(self.get_provider().app.settings["server_url"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_url(app.provider_id)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Take both what the token says and what is said of the person, if of the same one."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise ProviderException("the answer has no id token")
        said = {"id_token": self._decode_id_token(app, id_token)}
        if "userinfo_endpoint" in self.openid_config:
            said["userinfo"] = self._fetch_user_info(token.token)
            # OpenID Connect Core 5.3.2: otherwise somebody else's answer could be slipped in.
            if subject(said["userinfo"]) != subject(said["id_token"]):
                raise ProviderException("token and user info are of different people")
        return self.get_provider().sociallogin_from_response(request, said)


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """One provider, found by its key."""

    package = "allauth.socialaccount.providers.openid_connect"
    oauth2_adapter_class = Adapter
    pkce_enabled_default = True

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send a nonce along, which the id token must bring back to this very browser."""
        nonce = secrets.token_urlsafe(24)
        wanted = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        answer: HttpResponseBase = super().redirect(
            request, *args, auth_params=wanted, nonce=nonce, **kwargs
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        return subject(data["id_token"])

    def serialize(self) -> dict[str, str]:
        # By its key alone: client ids of two organizations may be the same.
        return {"id": self.sub_id}


def subject(said: object) -> str:
    """Return whom claims are about. Raises ProviderException."""
    found = said.get("sub") if isinstance(said, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_SUBJECT:
        raise ProviderException("the answer names nobody")
    return found


def is_answer_to(login: SocialLogin) -> bool:
    """Tell whether the id token was made for the request that this browser was sent away with."""
    said, sent = login.account.extra_data.get("id_token") or {}, login.state.get("nonce")
    return sent is None or hmac.compare_digest(str(said.get("nonce")), sent)


def callback_url(key: str) -> str:
    """Return where a provider sends people back to: what is registered there."""
    return settings.PUBLIC_URL + reverse("openid_connect_callback", args=[key])

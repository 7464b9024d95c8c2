"""What comes of an identity provider's word, without the way to it."""

from http import HTTPStatus
from typing import Any

from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.models import User


def visitor(user: User | None = None) -> HttpRequest:
    """A request as it is once the platform's middleware has seen it."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = user or AnonymousUser()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def come_back(
    key: str,
    said: dict[str, Any],
    *,
    process: str = "login",
    request: HttpRequest | None = None,
    nonce: str | None = None,
) -> HttpRequest:
    """Have a provider say something of whoever sits there, and return their request after it.

    ``said`` is both the id token and the answer of the provider's user info; ``nonce`` is what
    went along to the provider.
    """
    request = request or visitor()
    with context.request_context(request):
        provider = get_adapter(request).get_provider(request, provider=key)
        login = provider.sociallogin_from_response(request, {"id_token": said, "userinfo": said})
        login.state = {"process": process, "data": {"is_test": True}, "nonce": nonce}
        response = complete_social_login(request, login)
    assert response.status_code == HTTPStatus.FOUND, response.content
    return request


def said(address: str, subject: str = "1", **more: Any) -> dict[str, Any]:
    return {"sub": subject, "email": address, "email_verified": True, **more}

"""A new secret on its way from the form to the one page that shows it.

It travels encrypted in a cookie of that page, so that nothing here keeps it, and the page can be
loaded again without a second key. Forms that end in it say ``data-full-load``: a page that scripts
fetch, and then give up, would have taken the cookie with it.
"""

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from redisgate.lib import crypto, tokens

COOKIE = "new_key"
LIFE_SECONDS = 120


def redirect_to(page: str, token: str) -> HttpResponse:
    """Send the browser on to the page at this path, with the token that it is to show."""
    response = redirect(page)
    response.set_cookie(
        COOKIE,
        crypto.encrypt(token),
        max_age=LIFE_SECONDS,
        path=page,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def read(request: HttpRequest, fingerprint: str) -> str | None:
    """Give the token that came along, if it is the one with this fingerprint."""
    try:
        token = crypto.decrypt(request.COOKIES.get(COOKIE, ""))
    except InvalidToken:
        return None
    return token if tokens.fingerprint(token) == fingerprint else None


def forget(response: HttpResponse, *, page: str) -> None:
    """Have the browser throw it away."""
    response.delete_cookie(COOKIE, path=page, samesite="Lax")

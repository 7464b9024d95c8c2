"""Whoever has no token yet is welcome at /auth; the account itself asks who it is."""

from tests.access.matrix import row
from tests.conftest import PASSWORD

NEW = {"email": "nina@example.com", "username": "nina", "password": PASSWORD}
KNOWN = {"email": "victor@example.com", "password": PASSWORD}

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("POST", "/auth/register", "201 201 201 201 201 201", **NEW),
    row("POST", "/auth/login", "200 200 200 200 200 200", **KNOWN),
    row("POST", "/auth/refresh", "401 401 401 401 401 401", refresh="rgr_unknown"),
    row("POST", "/auth/logout", "204 204 204 204 204 204", refresh="rgr_unknown"),
    row("GET", "/auth/tokens", "200 200 200 200 200 401"),
    row("DELETE", "/auth/tokens/{token}", "204 404 404 404 404 401"),
    row("GET", "/auth/me", "200 200 200 200 200 401"),
    row("PATCH", "/auth/me", "200 200 200 200 200 401", shown_name="Somebody"),
    # Whoever owns what others need stays; members just go.
    row("DELETE", "/auth/me", "409 204 204 204 409 401", password=PASSWORD),
    row("GET", "/accounts/profile/", "200 200 200 200 200 302"),
    row("POST", "/accounts/profile/", "422 422 422 422 422 302"),
    row("POST", "/accounts/signup/check/", "200 200 200 200 200 200", field="email"),
    row("GET", "/accounts/email/", "200 200 200 200 200 302"),
    row("POST", "/accounts/email/", "302 302 302 302 302 302"),
    row("POST", "/accounts/email/resend/", "302 302 302 302 302 302"),
    row("POST", "/accounts/email/withdraw/", "302 302 302 302 302 302"),
    row("GET", "/accounts/2fa/", "200 200 200 200 200 302"),
    row("GET", "/accounts/sessions/", "200 200 200 200 200 302"),
    row("POST", "/accounts/sessions/1/end/", "302 302 302 302 302 302"),
    row("POST", "/accounts/sessions/end-others/", "302 302 302 302 302 302"),
    row("GET", "/accounts/delete/", "200 200 200 200 200 302"),
    row("POST", "/accounts/delete/", "302 302 302 302 302 302"),
]

"""Whoever has no token yet is welcome at /auth; only /auth/me asks who it is."""

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
]

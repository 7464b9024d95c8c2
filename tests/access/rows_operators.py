"""No role of an organization makes anybody an operator."""

from tests.access.matrix import row

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", "/operators/", "404 404 404 404 404 302"),
    row("GET", "/stats", "403 403 403 403 403 403"),
    row("GET", "/api/operators/overview", "403 403 403 403 403 401"),
]

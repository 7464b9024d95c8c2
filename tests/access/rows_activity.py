from tests.access.matrix import row

API = "/api/organizations/{org}/audit-events"
PAGE = "/orgs/{org_slug}/audit"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 403 403 404 401"),
    row("GET", f"{API}/{{event}}", "200 200 403 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 403 403 404 302"),
    row("GET", f"{PAGE}/export/", "200 200 403 403 404 302"),
    row("GET", f"{PAGE}/{{event}}/", "200 200 403 403 404 302"),
]

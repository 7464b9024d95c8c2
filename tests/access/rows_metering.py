from tests.access.matrix import row

API = "/api/organizations/{org}/usage"
PAGE = "/orgs/{org_slug}/usage"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 404 401"),
    row("GET", f"{API}.csv", "200 200 200 200 404 401"),
    row("GET", f"{PAGE}/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/csv/", "200 200 200 200 404 302"),
]

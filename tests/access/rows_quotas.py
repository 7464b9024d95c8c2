from tests.access.matrix import row

API = "/api/organizations/{org}/quota"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 404 401"),
    row("PUT", API, "403 403 403 403 404 401", instances={"limit": 50}),
    row("GET", "/orgs/{org_slug}/quota", "200 200 200 200 404 302"),
]

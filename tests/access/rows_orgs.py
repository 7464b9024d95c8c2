from tests.access.matrix import row

API = "/api/organizations"
PAGE = "/orgs"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 200 401"),
    row("POST", API, "201 201 201 201 201 401", name="Fresh"),
    row("GET", f"{API}/{{org}}", "200 200 200 200 404 401"),
    row("PATCH", f"{API}/{{org}}", "200 200 403 403 404 401", name="Renamed"),
    row("DELETE", f"{API}/{{org}}", "202 403 403 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 200 200 200 302"),
    row("GET", f"{PAGE}/new/", "200 200 200 200 200 302"),
    row("POST", f"{PAGE}/new/", "302 302 302 302 302 302", name="Fresh"),
    row("GET", f"{PAGE}/{{org_slug}}/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/{{org_slug}}/settings/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/{{org_slug}}/settings/", "302 302 403 403 404 302", name="Renamed"),
    row("POST", f"{PAGE}/{{org_slug}}/delete/", "302 403 403 403 404 302", confirm="Acme"),
    row("GET", f"{PAGE}/{{org_slug}}/deleting/", "200 200 200 200 404 302"),
]

from tests.access.matrix import row

API = "/api/organizations/{org}/instances"
PAGE = "/orgs/{org_slug}/instances"
ONE = f"{PAGE}/{{instance_slug}}"
FORM = {"name": "Sessions", "purpose": "cache", "memory_mb": 64}
PASSWORD = {"grace": 0, "password_version": 1}
NOBODYS = "00000000-0000-4000-8000-000000000000"
# No network is allowed to tests, so that none of these is connected to.
SERVER = {"url": "redis://127.0.0.1:6379"}

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 404 401"),
    row("POST", API, "201 201 201 403 404 401", **FORM),
    row("POST", f"{API}/check-server", "400 400 400 403 404 401", **SERVER),
    row("PUT", f"{API}/{{instance}}/address", "409 409 409 403 404 401", **SERVER),
    row("GET", f"{API}/{{instance}}", "200 200 200 200 404 401"),
    row("DELETE", f"{API}/{{instance}}", "204 204 204 403 404 401"),
    row("PATCH", f"{API}/{{instance}}", "202 202 202 403 404 401", memory_mb=8),
    row("POST", f"{API}/{{instance}}/rotate-password", "200 200 200 403 404 401"),
    row("DELETE", f"{API}/{{instance}}/rotate-password", "204 204 204 403 404 401"),
    row("POST", f"{API}/bulk", "200 200 200 403 404 401", action="delete", instances=[NOBODYS]),
    row("POST", f"{API}/{{instance}}/start", "202 202 202 403 404 401"),
    row("POST", f"{API}/{{instance}}/stop", "202 202 202 403 404 401"),
    row("POST", f"{API}/{{instance}}/restart", "202 202 202 403 404 401"),
    row(
        "GET",
        "/api/organizations/{org}/operations/{instance}-start-0",
        "200 200 200 200 404 401",
    ),
    row("GET", f"{PAGE}/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/new/", "200 200 200 403 404 302"),
    row("POST", f"{PAGE}/new/", "302 302 302 403 404 302", **FORM),
    row("GET", f"{PAGE}/adopt/", "200 200 200 403 404 302"),
    row("POST", f"{PAGE}/adopt/", "422 422 422 403 404 302", name="Theirs", **SERVER),
    row("GET", f"{ONE}/server/", "409 409 409 403 404 302"),
    row("POST", f"{ONE}/server/", "409 409 409 403 404 302", **SERVER),
    row("GET", f"{PAGE}/example/", "200 200 200 200 404 302"),
    row("GET", f"{ONE}/", "200 200 200 200 404 302"),
    row("GET", f"{ONE}/row/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/bulk/", "302 302 302 403 404 302", action="delete"),
    row("GET", f"{ONE}/settings/", "200 200 200 200 404 302"),
    row("POST", f"{ONE}/settings/name/", "302 302 302 403 404 302", name="Sessions"),
    row("POST", f"{ONE}/settings/memory/", "302 302 302 403 404 302", memory_mb=8),
    row("POST", f"{ONE}/settings/password/", "302 302 302 403 404 302", **PASSWORD),
    row("POST", f"{ONE}/settings/former/", "302 302 302 403 404 302"),
    row("POST", f"{ONE}/settings/expiry/", "302 302 302 403 404 302"),
    row("POST", f"{ONE}/start/", "302 302 302 403 404 302"),
    row("POST", f"{ONE}/stop/", "302 302 302 403 404 302", confirm="yes"),
    row("POST", f"{ONE}/restart/", "302 302 302 403 404 302", confirm="yes"),
    row("GET", f"{ONE}/delete/", "200 200 200 403 404 302"),
    row("POST", f"{ONE}/delete/", "302 302 302 403 404 302", confirm="cache"),
    row("POST", f"{ONE}/test-connection/", "302 302 302 302 404 302"),
    row("GET", f"{ONE}/connections/", "200 200 200 403 404 302"),
    row("POST", f"{API}/{{instance}}/test-connection", "200 200 200 200 404 401"),
    # Nobody runs this server: 409 says so.
    row("GET", f"{API}/{{instance}}/connections", "409 409 409 403 404 401"),
]

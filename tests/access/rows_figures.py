from tests.access.matrix import row

API = "/api/organizations/{org}/instances/{instance}"
PAGE = "/orgs/{org_slug}/instances/{instance_slug}/metrics"

# owner, admin, developer, viewer, outsider, anonymous. Nobody runs this server: 409 says so.
ROWS = [
    row("GET", f"{API}/metrics", "200 200 200 200 404 401"),
    row("GET", f"{API}/commands", "200 200 200 200 404 401"),
    row("GET", f"{API}/slowlog", "409 409 409 409 404 401"),
    row("GET", f"{API}/clients", "409 409 409 409 404 401"),
    row("DELETE", f"{API}/clients/7", "409 409 409 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/commands/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/slowlog/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/clients/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/clients/disconnect/", "302 302 302 403 404 302", client="7"),
]

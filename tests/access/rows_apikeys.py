from tests.access.matrix import row

API = "/api/organizations/{org}/api-keys"
PAGE = "/orgs/{org_slug}/api-keys"
WISH = {"name": "Shop", "scopes": ["read"]}
FORM = {"name": "Shop", "scope": "read", "reach": "all", "lifetime": "never", "rate_limit": 100}

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 404 401"),
    row("POST", API, "201 201 201 403 404 401", **WISH),
    row("GET", f"{API}/{{key}}", "200 200 200 200 404 401"),
    row("PATCH", f"{API}/{{key}}", "200 200 200 403 404 401", name="Other"),
    row("DELETE", f"{API}/{{key}}", "204 204 204 403 404 401"),
    row("GET", f"{API}/{{key}}/usage", "200 200 200 200 404 401"),
    row("POST", f"{API}/{{key}}/rotate", "200 200 200 403 404 401", grace_seconds=0),
    row("GET", f"{API}/{{key}}/former-secret", "200 200 200 200 404 401"),
    row("DELETE", f"{API}/{{key}}/former-secret", "204 204 204 403 404 401"),
    # No instance, so that there is nothing to ask: who may ask at all is told 400.
    row("POST", f"{API}/{{key}}/simulate", "400 400 400 400 404 401", command="PING"),
    row("POST", f"{API}/{{key}}/revoke", "200 200 200 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 200 200 404 302"),
    row("GET", f"{PAGE}/new/", "200 200 200 403 404 302"),
    row("POST", f"{PAGE}/new/", "302 302 302 403 404 302", **FORM),
    row("GET", f"{PAGE}/{{key}}/created/", "200 200 200 403 404 302"),
    row("GET", f"{PAGE}/{{key}}/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/{{key}}/simulate/", "422 422 422 422 404 302", command="PING"),
    row("GET", f"{PAGE}/{{key}}/edit/", "200 200 200 403 404 302"),
    row("POST", f"{PAGE}/{{key}}/edit/", "302 302 302 403 404 302", **FORM),
    row("GET", f"{PAGE}/{{key}}/rotate/", "200 200 200 403 404 302"),
    # Without the secret that was looked at nothing is rotated.
    row("POST", f"{PAGE}/{{key}}/rotate/", "409 409 409 403 404 302", grace=0),
    row("POST", f"{PAGE}/{{key}}/end-former-secret/", "302 302 302 403 404 302"),
    row("GET", f"{PAGE}/{{key}}/revoke/", "200 200 200 403 404 302"),
    row("POST", f"{PAGE}/revoke/", "302 302 302 403 404 302"),
    row("POST", f"{PAGE}/{{key}}/revoke/", "302 302 302 403 404 302"),
]

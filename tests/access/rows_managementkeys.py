from tests.access.matrix import row

API = "/api/organizations/{org}/management-keys"
PAGE = "/orgs/{org_slug}/management-keys"
WISH = {"name": "Terraform", "role": "viewer"}

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 403 403 404 401"),
    row("POST", API, "201 201 403 403 404 401", **WISH),
    row("GET", f"{API}/{{management_key}}", "200 200 403 403 404 401"),
    row("DELETE", f"{API}/{{management_key}}", "204 204 403 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 403 403 404 302"),
    row("POST", f"{PAGE}/", "302 302 403 403 404 302", **WISH),
    row("GET", f"{PAGE}/{{management_key}}/created/", "200 200 403 403 404 302"),
    row("POST", f"{PAGE}/revoke/", "302 302 403 403 404 302"),
    row("GET", f"{PAGE}/{{management_key}}/revoke/", "200 200 403 403 404 302"),
    row("POST", f"{PAGE}/{{management_key}}/revoke/", "302 302 403 403 404 302"),
]

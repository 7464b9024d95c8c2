"""Admins see how people sign in; owners alone decide who vouches for them."""

from tests.access.matrix import row

API = "/api/organizations/{org}/sso"
PAGE = "/orgs/{org_slug}/settings/sso"
# No network is allowed to tests, so that neither is connected to.
OIDC = {"name": "ID", "issuer": "http://127.0.0.1:9", "client_id": "a", "client_secret": "b"}
SAML = {"name": "ID", "metadata_url": "http://127.0.0.1:9/"}
NOBODY = "/sso/with/org-00000000000040008000000000000000/"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 403 403 404 401"),
    row("PUT", API, "400 403 403 403 404 401", protocol="oidc", **OIDC),
    row("DELETE", API, "204 403 403 403 404 401"),
    row("GET", f"{PAGE}/", "200 200 403 403 404 302"),
    row("POST", f"{PAGE}/oidc/", "422 403 403 403 404 302", **OIDC),
    row("POST", f"{PAGE}/saml/", "422 403 403 403 404 302", **SAML),
    row("POST", f"{PAGE}/test/", "409 403 403 403 404 302"),
    row("POST", f"{PAGE}/policy/", "422 403 403 403 404 302", mode="off", default_role="viewer"),
    row("POST", f"{PAGE}/disconnect/", "302 403 403 403 404 302"),
    row("POST", f"{PAGE}/domains/", "302 403 403 403 404 302", domain="acme.example"),
    row("POST", f"{PAGE}/domains/{{domain}}/remove/", "302 403 403 403 404 302"),
    row("GET", "/sso/", "200 200 200 200 200 200"),
    row("GET", NOBODY, "404 404 404 404 404 404"),
]

from tests.access.matrix import row

API = "/api/organizations/{org}"
PAGE = "/orgs/{org_slug}"

NOBODYS = "00000000-0000-4000-8000-000000000000"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", f"{PAGE}/members/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/members/{{member}}/role/", "302 302 403 403 404 302", role="developer"),
    row("GET", f"{PAGE}/members/{{member}}/remove/", "200 200 403 403 404 302"),
    row("POST", f"{PAGE}/members/{{member}}/remove/", "302 302 403 403 404 302"),
    row("GET", f"{PAGE}/members/{{member}}/transfer/", "200 403 403 403 404 302"),
    row("POST", f"{PAGE}/members/{{member}}/transfer/", "302 403 403 403 404 302", confirm="Acme"),
    row("GET", f"{PAGE}/leave/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/leave/", "409 302 302 302 404 302"),
    row("GET", f"{PAGE}/standing/", "204 204 204 204 404 302"),
    row("GET", f"{PAGE}/invitations/", "302 302 302 302 404 302"),
    row(
        "POST",
        f"{PAGE}/invitations/",
        "302 302 403 403 404 302",
        email="nora@example.com",
        role="viewer",
    ),
    row("POST", f"{PAGE}/invitations/withdraw/", "302 302 403 403 404 302"),
    row("POST", f"{PAGE}/invitations/{{invitation}}/resend/", "302 302 403 403 404 302"),
    row("POST", f"{PAGE}/invitations/{{invitation}}/withdraw/", "302 302 403 403 404 302"),
    # Whoever has no link in their session has no invitation, member or not.
    row("GET", "/invitations/", "410 410 410 410 410 410"),
    row("POST", f"/invitations/{NOBODYS}/", "404 404 404 404 404 302"),
    row("POST", "/invitations/accept/", "410 410 410 410 410 302"),
    row("POST", "/invitations/decline/", "410 410 410 410 410 410"),
    row("POST", "/invitations/switch/", "410 410 410 410 410 410"),
    row("POST", "/invitations/sign-up/", "410 410 410 410 410 410"),
    row("GET", f"{API}/members", "200 200 200 200 404 401"),
    row("GET", f"{API}/members/{{member}}", "200 200 200 200 404 401"),
    row("PATCH", f"{API}/members/{{member}}", "200 200 403 403 404 401", role="developer"),
    row("DELETE", f"{API}/members/{{member}}", "204 204 403 403 404 401"),
    row("POST", f"{API}/leave", "409 204 204 204 404 401"),
    row("POST", f"{API}/transfer", "400 403 403 403 404 401", member="nobody"),
    row("GET", f"{API}/invitations", "200 200 200 200 404 401"),
    row(
        "POST",
        f"{API}/invitations",
        "201 201 403 403 404 401",
        email="nora@example.com",
        role="viewer",
    ),
    row("GET", f"{API}/invitations/{{invitation}}", "200 200 200 200 404 401"),
    row("DELETE", f"{API}/invitations/{{invitation}}", "204 204 403 403 404 401"),
    row("POST", f"{API}/invitations/{{invitation}}/resend", "200 200 403 403 404 401"),
    row("POST", "/api/invitations/accept", "410 410 410 410 410 401", token="never-was"),
    row("POST", "/api/invitations/decline", "410 410 410 410 410 401", token="never-was"),
]

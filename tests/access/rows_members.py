from tests.access.matrix import row

API = "/api/organizations/{org}"
PAGE = "/orgs/{org_slug}"

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
    row(
        "POST",
        f"{PAGE}/invitations/",
        "302 302 403 403 404 302",
        email="nora@example.com",
        role="viewer",
    ),
    row("POST", f"{PAGE}/invitations/{{invitation}}/resend/", "302 302 403 403 404 302"),
    row("POST", f"{PAGE}/invitations/{{invitation}}/withdraw/", "302 302 403 403 404 302"),
    # Whoever has no link in their session has no invitation, member or not.
    row("GET", "/invitations/", "410 410 410 410 410 410"),
    row("POST", "/invitations/accept/", "410 410 410 410 410 302"),
    row("POST", "/invitations/decline/", "410 410 410 410 410 410"),
    row("POST", "/invitations/switch/", "410 410 410 410 410 410"),
    row("POST", "/invitations/sign-up/", "410 410 410 410 410 410"),
]

from tests.access.matrix import row

PAGE = "/orgs/{org_slug}/overview"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", f"{PAGE}/now/", "200 200 200 200 404 302"),
    row("POST", f"{PAGE}/hints/", "302 302 302 302 404 302", hint="0123456789ab"),
]

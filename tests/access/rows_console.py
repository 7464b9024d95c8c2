from tests.access.matrix import row

PAGE = "/orgs/{org_slug}/instances/{instance_slug}/console/"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", PAGE, "200 200 200 200 404 302"),
    row("POST", PAGE, "200 200 200 200 404 302", line="PING"),
]

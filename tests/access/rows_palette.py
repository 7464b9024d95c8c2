from tests.access.matrix import row

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", "/orgs/{org_slug}/palette/", "200 200 200 200 404 302"),
    row("GET", "/orgs/{org_slug}/palette/", "200 200 200 200 404 302", q="cache"),
    row("GET", "/palette/", "200 200 200 200 200 302"),
]

from tests.access.matrix import row

START = "/orgs/{org_slug}/start"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", f"{START}/", "200 200 200 200 404 302"),
    row("POST", f"{START}/", "302 302 302 403 404 302", name="my-redis"),
    row("GET", f"{START}/news/", "200 200 200 200 404 302"),
    row("GET", f"{START}/{{key}}/", "200 200 200 403 404 302"),
]

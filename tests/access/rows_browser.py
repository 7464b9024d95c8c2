from tests.access.matrix import row

DATA = "/orgs/{org_slug}/instances/{instance_slug}/data"
KEY = {"name": "a", "kind": "string", "value": "b"}

# No server runs behind these instances: who may go on meets 503, or words on the page.
# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", f"{DATA}/", "200 200 200 200 404 302"),
    row("GET", f"{DATA}/keys/", "200 200 200 200 404 302"),
    row("GET", f"{DATA}/key/", "302 302 302 302 404 302"),
    row("GET", f"{DATA}/do/new/", "200 200 200 403 404 302"),
    row("POST", f"{DATA}/do/new/", "503 503 503 403 404 302", **KEY),
    row("GET", f"{DATA}/delete-many/", "503 503 503 403 404 302"),
    row("GET", f"{DATA}/delete-many/count/", "503 503 503 403 404 302"),
    row("POST", f"{DATA}/delete-many/go/", "409 409 409 403 404 302"),
]

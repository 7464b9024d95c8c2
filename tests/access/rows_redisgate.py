"""What anybody may see."""

from tests.access.matrix import row

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", "/", "302 302 302 302 302 200"),
    row("GET", "/health", "200 200 200 200 200 200"),
    row("GET", "/health/ready", "200 200 200 200 200 200"),
    row("GET", "/health/live", "200 200 200 200 200 200"),
    row("GET", "/health/startup", "200 200 200 200 200 200"),
    row("GET", "/version", "200 200 200 200 200 200"),
    row("GET", "/api", "200 200 200 200 200 200"),
    row("GET", "/api/schema", "200 200 200 200 200 200"),
    row("GET", "/api/docs", "200 200 200 200 200 200"),
    row("GET", "/api/docs/redoc", "200 200 200 200 200 200"),
    row("GET", "/metrics", "200 200 200 200 200 200"),  # from this machine
]

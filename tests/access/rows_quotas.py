from tests.access.matrix import row

API = "/api/organizations/{org}/quota"
PLAN = "/api/organizations/{org}/quota/plan"
PLANS = "/api/plans"
NOBODYS = "00000000-0000-4000-8000-000000000000"

# owner, admin, developer, viewer, outsider, anonymous
ROWS = [
    row("GET", API, "200 200 200 200 404 401"),
    row("PUT", API, "403 403 403 403 404 401", instances={"limit": 50}),
    row("GET", PLAN, "200 200 200 200 404 401"),
    row("PUT", PLAN, "403 403 403 403 404 401", plan=NOBODYS),
    row("GET", PLANS, "403 403 403 403 403 401"),
    row("POST", PLANS, "403 403 403 403 403 401", name="Team"),
    row("GET", f"{PLANS}/{NOBODYS}", "403 403 403 403 403 401"),
    row("PATCH", f"{PLANS}/{NOBODYS}", "403 403 403 403 403 401", name="Team"),
    row("GET", "/orgs/{org_slug}/quota", "200 200 200 200 404 302"),
]

"""Pages for operators, and those that libraries draw."""

from gallery.acts import one_after_another, pressed, seen
from gallery.entry import FOREIGN, entry

MODELS = (
    *("audit/auditevent", "accounts/user", "orgs/organization", "sso/domain", "quotas/plan"),
    *("quotas/instancequota", "instances/instance", "instances/host", "apikeys/apikey"),
    "jobs/deadletter",
)
ONE_OF_EACH = (
    *("audit/auditevent/{event}", "accounts/user/{person}", "orgs/organization/{northwind_id}"),
    *("quotas/plan/{plan}", "quotas/instancequota/{northwind_id}", "instances/instance/{shop}"),
    *("apikeys/apikey/{key}", "instances/host/{host}", "sso/domain/{domain}"),
    "jobs/deadletter/{letter}",
)

ENTRIES = (
    entry("operators", "/operators/", "operator"),
    entry("operators-for-others", "/operators/", status=404),
    entry("admin", "/admin/", "operator", kind=FOREIGN),
    *(
        entry(f"admin-{path.partition('/')[2]}", f"/admin/{path}/", "operator", kind=FOREIGN)
        for path in MODELS
    ),
    *(
        entry(
            f"admin-{path.split('/')[1]}-page", f"/admin/{path}/change/", "operator", kind=FOREIGN
        )
        for path in ONE_OF_EACH
    ),
    entry("admin-plan-new", "/admin/quotas/plan/add/", "operator", kind=FOREIGN),
    entry("api-docs", "/api/docs", None, kind=FOREIGN, after=seen(".opblock-tag")),
    entry("api-docs-redoc", "/api/docs/redoc", None, kind=FOREIGN, after=seen("h1")),
    entry(
        "api-docs-operation",
        "/api/docs",
        None,
        kind=FOREIGN,
        after=one_after_another(
            pressed(".opblock-tag", shows=".opblock-summary-control"),
            pressed(".opblock-summary-control", shows=".opblock-body"),
        ),
    ),
)

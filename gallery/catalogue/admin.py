"""Pages for operators, and those that libraries draw."""

from gallery.entry import FOREIGN, entry

MODELS = (
    *("audit/auditevent", "accounts/user", "orgs/organization", "sso/domain", "quotas/plan"),
    *("quotas/instancequota", "instances/instance", "instances/host", "apikeys/apikey"),
)

ENTRIES = (
    entry("admin", "/admin/", "operator", kind=FOREIGN),
    *(
        entry(f"admin-{path.partition('/')[2]}", f"/admin/{path}/", "operator", kind=FOREIGN)
        for path in MODELS
    ),
    entry("api-docs", "/api/docs", None, kind=FOREIGN),
    entry("api-docs-redoc", "/api/docs/redoc", None, kind=FOREIGN),
)

"""Instances: lists, pages, dialogs."""

from gallery.acts import failing, filled, held, one_after_another, pressed, refused, seen, sent
from gallery.entry import MORE, entry

ACME, FULL, FRESH = (
    "/orgs/{acme}/instances",
    "/orgs/{northwind}/instances",
    "/orgs/{fresh}/instances",
)
SHOP = f"{ACME}/{{shop}}"
RUNNING = "/orgs/{states}/instances/{in_running}"
NEW = ".rg-page-actions .btn-primary, .btn-primary[hx-target='#create-dialog']"

ENTRIES = (
    entry("instances-every-state", "/orgs/{states}/instances/"),
    entry("instances-empty", f"{FRESH}/", "newcomer"),
    entry("instances-one", f"{ACME}/"),
    entry("instances-full", f"{FULL}/", is_forced=True),
    entry("instances-last-page", f"{FULL}/?page=10"),
    entry("instances-nothing-found", f"{FULL}/?q=nothing-is-called-so"),
    entry("instances-stopped", f"{FULL}/?state=stopped"),
    entry("instances-viewer", f"{FULL}/", "viewer"),
    entry(
        "instances-chosen", f"{FULL}/", after=pressed("tbody .form-check-input", shows=".rg-bulk")
    ),
    entry("instance-new", f"{ACME}/new/"),
    entry("instance-new-dialog", f"{ACME}/", after=pressed("[hx-target='#create-dialog']")),
    entry("instance-new-refused", f"{ACME}/new/", after=sent("main form")),
    entry("instance-new-full", "/orgs/{northwind}/instances/new/"),
    entry("instance-adopt", f"{ACME}/adopt/"),
    entry("instance", f"{SHOP}/"),
    entry("instance-viewer", f"{SHOP}/", "viewer"),
    entry("instance-settings", f"{SHOP}/settings/"),
    entry("instance-settings-viewer", f"{SHOP}/settings/", "viewer"),
    entry("instance-connections", f"{SHOP}/connections/"),
    entry("instance-delete", f"{SHOP}/delete/"),
    entry("adopted-server", "/orgs/{states}/instances/{in_adopted}/server/"),
    entry("metrics", f"{SHOP}/metrics/", is_forced=True),
    entry("metrics-month", f"{SHOP}/metrics/?range=30d"),
    entry("metrics-none", "/orgs/{states}/instances/{in_running}/metrics/"),
    entry("metrics-commands", f"{SHOP}/metrics/commands/"),
    entry("metrics-slow-log", f"{SHOP}/metrics/slowlog/"),
    entry("metrics-clients", f"{SHOP}/metrics/clients/"),
    entry("metrics-as-table", f"{SHOP}/metrics/?view=table"),
    entry(
        "metrics-loading",
        f"{SHOP}/metrics/",
        kind=MORE,
        before=held("**/api/**"),
        comes_to_rest=False,
    ),
    entry(
        "metrics-failed",
        f"{SHOP}/metrics/",
        kind=MORE,
        before=failing("**/api/**"),
        after=seen("[data-note]:not(:empty)"),
    ),
    entry("metrics-clients-unreachable", f"{RUNNING}/metrics/clients/"),
    entry(
        "instances-delete-many",
        f"{FULL}/",
        kind=MORE,
        after=one_after_another(
            pressed("tbody .form-check-input", shows=".rg-bulk"), pressed("#bulk-delete")
        ),
    ),
    entry(
        "instance-new-dialog-refused",
        f"{ACME}/",
        kind=MORE,
        after=one_after_another(
            pressed("[hx-target='#create-dialog']", shows="#create-dialog form"),
            sent("#create-dialog form", shows="#create-dialog .invalid-feedback"),
        ),
    ),
    entry("instance-new-no-room", "/orgs/{long}/instances/new/"),
    entry("instance-adopt-refused", f"{ACME}/adopt/", kind=MORE, after=sent("main form")),
    entry(
        "instance-adopt-unreachable",
        f"{ACME}/adopt/",
        kind=MORE,
        after=one_after_another(
            filled("[name=name]", "sessions"),
            filled("[name=url]", "redis://127.0.0.1:6379/0"),
            sent("main form", shows="#server-check > *"),
        ),
    ),
    entry(
        "instance-settings-refused",
        f"{SHOP}/settings/",
        kind=MORE,
        after=refused("#settings-memory [name=memory_mb]", "999999", "#settings-memory form"),
    ),
    entry("instance-settings-ephemeral", "/orgs/{states}/instances/{in_ephemeral}/settings/"),
    entry(
        "instance-test-failed",
        f"{RUNNING}/",
        kind=MORE,
        after=pressed("form[action$='test-connection/'] button", shows=".rg-probe"),
    ),
    entry(
        "instance-delete-refused",
        f"{SHOP}/delete/",
        kind=MORE,
        after=refused("[name=confirm]", "another"),
    ),
    entry("long-instance-settings", "/orgs/{long}/instances/{long_instance}/settings/"),
    entry("long-instance-delete", "/orgs/{long}/instances/{long_instance}/delete/"),
)

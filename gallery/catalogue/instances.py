"""Instances: lists, pages, dialogs."""

from gallery.acts import pressed, sent
from gallery.entry import entry

ACME, FULL, FRESH = (
    "/orgs/{acme}/instances",
    "/orgs/{northwind}/instances",
    "/orgs/{fresh}/instances",
)
SHOP = f"{ACME}/{{shop}}"
NEW = ".rg-page-actions .btn-primary, .btn-primary[hx-target='#create-dialog']"

ENTRIES = (
    entry("instances-every-state", "/orgs/{states}/instances/"),
    entry("instances-empty", f"{FRESH}/", "newcomer"),
    entry("instances-one", f"{ACME}/"),
    entry("instances-full", f"{FULL}/"),
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
    entry("metrics", f"{SHOP}/metrics/"),
    entry("metrics-month", f"{SHOP}/metrics/?range=30d"),
    entry("metrics-none", "/orgs/{states}/instances/{in_running}/metrics/"),
    entry("metrics-commands", f"{SHOP}/metrics/commands/"),
    entry("metrics-slow-log", f"{SHOP}/metrics/slowlog/"),
    entry("metrics-clients", f"{SHOP}/metrics/clients/"),
)

"""API keys."""

from gallery.acts import (
    failing,
    filled,
    held,
    one_after_another,
    pressed,
    refused,
    seen,
    sent,
)
from gallery.entry import MORE, entry

KEYS, FULL, LONG = (
    "/orgs/{acme}/api-keys",
    "/orgs/{northwind}/api-keys",
    "/orgs/{long}/api-keys",
)
MANAGEMENT = "/orgs/{acme}/management-keys"
NEW_MANAGEMENT = "main form[data-unsaved]"

ENTRIES = (
    entry("keys", f"{KEYS}/", is_forced=True),
    entry("keys-empty", "/orgs/{fresh}/api-keys/", "newcomer"),
    entry("keys-full", "/orgs/{northwind}/api-keys/"),
    entry(
        "keys-chosen",
        "/orgs/{northwind}/api-keys/",
        after=pressed("tbody .form-check-input", shows=".rg-bulk"),
    ),
    entry("keys-nothing-found", "/orgs/{northwind}/api-keys/?search=nothing-is-called-so"),
    entry("keys-viewer", f"{KEYS}/", "viewer"),
    entry("key-new", f"{KEYS}/new/"),
    entry("key-new-refused", f"{KEYS}/new/", after=sent("main form")),
    entry(
        "key-created",
        f"{KEYS}/new/",
        after=one_after_another(
            filled("main input[name=name]", "Made for the picture"),
            sent("main form", shows="#new-key, [data-copy]"),
        ),
    ),
    entry("key", f"{KEYS}/{{key}}/"),
    entry("key-viewer", f"{KEYS}/{{key}}/", "viewer"),
    entry("key-revoked", f"{KEYS}/{{revoked_key}}/"),
    entry("key-edit", f"{KEYS}/{{key}}/edit/"),
    entry(
        "key-edit-refused",
        f"{KEYS}/{{key}}/edit/",
        kind=MORE,
        after=refused("main input[name=name]"),
    ),
    entry("key-as-table", f"{KEYS}/{{key}}/?view=table"),
    entry(
        "key-charts-loading",
        f"{KEYS}/{{key}}/",
        kind=MORE,
        before=held("**/api/**"),
        comes_to_rest=False,
    ),
    entry(
        "key-charts-failed",
        f"{KEYS}/{{key}}/",
        kind=MORE,
        before=failing("**/api/**"),
        after=seen("[data-note]:not(:empty)"),
    ),
    entry(
        "key-judged",
        f"{KEYS}/{{key}}/",
        kind=MORE,
        after=one_after_another(
            filled("#simulator [name=command]", "CONFIG GET maxmemory"),
            sent("#simulator form", shows=".rg-verdict"),
        ),
    ),
    entry("key-rotate", f"{KEYS}/{{key}}/rotate/"),
    entry("key-rotated", f"{KEYS}/{{key}}/rotate/", after=sent("main form", shows="#new-key")),
    entry("key-two-secrets", f"{KEYS}/{{rotated_key}}/"),
    entry("key-rotate-again", f"{KEYS}/{{rotated_key}}/rotate/"),
    entry("key-revoke", f"{KEYS}/{{key}}/revoke/"),
    entry("key-revoke-dialog", f"{KEYS}/", kind=MORE, after=pressed("[id^=revoke-]")),
    entry(
        "keys-revoke-many",
        f"{FULL}/",
        kind=MORE,
        after=one_after_another(
            pressed("tbody .form-check-input", shows=".rg-bulk"), pressed("#bulk-revoke")
        ),
    ),
    entry("keys-revoked", f"{KEYS}/?show=revoked"),
    entry("key-new-many-instances", f"{FULL}/new/"),
    entry("long-keys", f"{LONG}/"),
    entry("long-key", f"{LONG}/{{long_key}}/"),
    entry("long-key-edit", f"{LONG}/{{long_key}}/edit/"),
    entry(
        "management-key-created",
        f"{MANAGEMENT}/",
        after=one_after_another(
            filled(f"{NEW_MANAGEMENT} [name=name]", "Made for the picture"),
            sent(NEW_MANAGEMENT, shows="#management-key"),
        ),
    ),
    entry("management-key-refused", f"{MANAGEMENT}/", kind=MORE, after=sent(NEW_MANAGEMENT)),
)

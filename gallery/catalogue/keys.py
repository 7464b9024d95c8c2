"""API keys."""

from gallery.acts import filled, one_after_another, pressed, sent
from gallery.entry import entry

KEYS = "/orgs/{acme}/api-keys"

ENTRIES = (
    entry("keys", f"{KEYS}/"),
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
    entry("key-rotate", f"{KEYS}/{{key}}/rotate/"),
    entry("key-revoke", f"{KEYS}/{{key}}/revoke/"),
)

"""Pages of an organization: overview, people, records."""

from gallery.acts import keyed, pressed, sent
from gallery.entry import entry

ACME, FULL = "/orgs/{acme}", "/orgs/{northwind}"
LONG = "/orgs/{long}"
OPTION, NOTHING = "#palette [role=option]", "#palette [data-palette-empty]"
FOUND = f"{OPTION}:has-text('sessions-')"

ENTRIES = (
    entry("organizations", "/orgs/"),
    entry("organizations-none", "/orgs/", "homeless"),
    entry("organization-new", "/orgs/new/"),
    entry("organization-new-refused", "/orgs/new/", after=sent("main form")),
    entry("overview-one", f"{ACME}/"),
    entry("overview-empty", "/orgs/{fresh}/", "newcomer"),
    entry("overview-full", f"{FULL}/", is_forced=True),
    entry("overview-viewer", f"{FULL}/", "viewer"),
    entry(
        "overview-switcher",
        f"{ACME}/",
        after=pressed(".rg-menu summary", shows=".rg-menu .rg-menu-panel"),
    ),
    entry("start", "/orgs/{fresh}/start/", "newcomer"),
    entry("start-key", f"{LONG}/start/"),
    entry("start-connect", f"{ACME}/start/{{key}}/"),
    entry("palette", f"{ACME}/", after=keyed("Control+k", shows=OPTION)),
    entry("palette-found", f"{FULL}/", after=keyed("Control+k", text="sessions", shows=FOUND)),
    entry("palette-nothing", f"{ACME}/", after=keyed("Control+k", text="zzz", shows=NOTHING)),
    entry("shortcuts", f"{ACME}/", after=keyed("?", shows=".rg-shortcuts[open]")),
    entry("organization-settings", f"{ACME}/settings/"),
    entry("organization-settings-viewer", f"{ACME}/settings/", "viewer"),
    entry("sso-settings", f"{ACME}/settings/sso/"),
    entry("sso-settings-none", "/orgs/{states}/settings/sso/"),
    entry("members", f"{ACME}/members/"),
    entry("members-one", "/orgs/{fresh}/members/", "newcomer"),
    entry("members-full", f"{FULL}/members/"),
    entry("members-second-page", f"{FULL}/members/?page=2"),
    entry("members-viewer", f"{FULL}/members/", "viewer"),
    entry("member-remove", f"{ACME}/members/{{member}}/remove/"),
    entry("member-transfer", f"{ACME}/members/{{member}}/transfer/"),
    entry("organization-leave", f"{ACME}/leave/", "viewer"),
    entry("audit", f"{ACME}/audit/"),
    entry("audit-full", f"{FULL}/audit/"),
    entry("audit-nothing-found", f"{FULL}/audit/?search=nothing-is-called-so"),
    entry("audit-event", f"{ACME}/audit/{{event}}/"),
    entry("usage", f"{ACME}/usage/"),
    entry("usage-full", f"{FULL}/usage/"),
    entry("usage-none", "/orgs/{fresh}/usage/", "newcomer"),
    entry("usage-printed", f"{FULL}/usage/", is_printed=True),
    entry("management-keys", f"{ACME}/management-keys/"),
    entry("management-keys-none", "/orgs/{states}/management-keys/"),
    entry("management-key-revoke", f"{ACME}/management-keys/{{management_key}}/revoke/"),
    entry("suspended-overview", "/orgs/{suspended}/"),
    entry("suspended-instances", "/orgs/{suspended}/instances/"),
    entry("being-deleted", "/orgs/{leaving}/"),
)

"""What is shown while something is under way or has gone wrong."""

from gallery.acts import failing, held, offline, one_after_another, pressed, sent, without_cookies
from gallery.entry import entry

ACME = "/orgs/{acme}"
MEMBERS = "nav a:has-text('Members')"

ENTRIES = (
    entry("not-found", "/orgs/nobodys/", status=404),
    entry("not-found-visitor", "/nothing-is-here", None, status=404),
    entry("forbidden", f"{ACME}/instances/new/", "viewer", status=403),
    entry(
        "loading-page",
        f"{ACME}/",
        after=one_after_another(
            held("**/members/"), pressed(MEMBERS, shows="#progress:not([hidden])")
        ),
        comes_to_rest=False,
    ),
    entry(
        "form-expired",
        "/accounts/login/",
        None,
        after=one_after_another(
            without_cookies, sent("main form", shows="h1:has-text('open for too long')")
        ),
    ),
    entry(
        "failed-press",
        f"{ACME}/instances/",
        before=failing("**/instances/new/"),
        after=pressed("[hx-target='#create-dialog']", shows=".rg-toast"),
    ),
    entry(
        "offline-press",
        f"{ACME}/instances/",
        after=one_after_another(
            offline, pressed("[hx-target='#create-dialog']", shows=".rg-toast")
        ),
    ),
)

"""What is shown while something is under way or has gone wrong."""

from gallery.acts import failing, held, offline, one_after_another, pressed
from gallery.entry import entry

ACME, SHOP = "/orgs/{acme}", "/orgs/{acme}/instances/{shop}"

ENTRIES = (
    entry("not-found", "/orgs/nobodys/", status=404),
    entry("not-found-visitor", "/nothing-is-here", None, status=404),
    entry("forbidden", f"{ACME}/instances/new/", "viewer", status=403),
    entry("loading-overview", f"{ACME}/", before=held("**/instances/"), comes_to_rest=False),
    entry("failed-overview", f"{ACME}/", before=failing("**/quota")),
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

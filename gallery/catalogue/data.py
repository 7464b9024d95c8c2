"""What is in an instance: console and data browser."""

from base64 import urlsafe_b64encode

from playwright.sync_api import Page

from gallery.acts import failing, held, offline, one_after_another, pressed, seen
from gallery.entry import MORE, Act, entry
from gallery.world.names import LONG_KEY

SHOP = "/orgs/{acme}/instances/{shop}"
DATA = f"{SHOP}/data"
ENTRY = "#console-line"
CONNECTED = seen(".rg-console-state[data-state=open]")


def of(key: str) -> str:
    """Give the address of a key's value."""
    return f"{DATA}/?key={urlsafe_b64encode(key.encode()).decode().rstrip('=')}"


def run(command: str, *, shows: str = ".rg-console-reply") -> Act:
    """Run a command, and wait for what it is answered with."""

    def act(page: Page) -> None:
        page.locator(ENTRY).fill(command)
        page.locator(".rg-console-entry button").click()
        page.locator(shows).last.wait_for()

    return act


def open_key(shows: str) -> Act:
    return pressed("#data-keys [data-ref]:not([data-count]) a", shows=shows)


ENTRIES = (
    entry("console", f"{SHOP}/console/", after=CONNECTED),
    entry("console-viewer", f"{SHOP}/console/", "viewer", after=CONNECTED),
    entry(
        "console-replies",
        f"{SHOP}/console/",
        kind=MORE,
        after=one_after_another(CONNECTED, *map(run, ("HGETALL user:7", "GET leaderboard"))),
    ),
    entry(
        "console-lost", f"{SHOP}/console/", kind=MORE, after=one_after_another(CONNECTED, offline)
    ),
    entry("console-stopped", "/orgs/{states}/instances/{in_stopped}/console/"),
    entry("data", f"{DATA}/"),
    entry("data-viewer", f"{DATA}/", "viewer"),
    entry("data-string", of("product:1042")),
    entry("data-hash", of("user:7")),
    entry("data-list", of("queue:mail")),
    entry("data-set", of("features:on")),
    entry("data-sorted-set", of("leaderboard")),
    entry("data-stream", of("events:orders")),
    entry("data-binary", of("blob")),
    entry("data-gone", of("gone")),
    entry("data-new-key", f"{DATA}/", after=pressed("[data-dialog=data-dialog]")),
    entry("data-new-key-page", f"{DATA}/do/new/"),
    entry("data-delete-many", f"{DATA}/delete-many/?q=session:&how=prefix"),
    entry("data-stopped", "/orgs/{states}/instances/{in_stopped}/data/"),
    entry("data-unreachable", "/orgs/{states}/instances/{in_running}/data/"),
    entry("data-nothing-found", f"{DATA}/?q=nothing-is-called-so"),
    entry("data-as-list", f"{DATA}/?view=list"),
    entry("data-right-to-left", of("greeting:ar")),
    entry("data-long-name", of(LONG_KEY)),
    entry("data-edit", of("product:1042"), kind=MORE, after=pressed("[hx-get*='do/set/']")),
    entry("data-delete", of("product:1042"), kind=MORE, after=pressed("[data-delete-key]")),
    entry(
        "data-key-loading",
        f"{DATA}/",
        kind=MORE,
        after=one_after_another(held("**/data/key/**"), open_key("#data-detail .rg-skeleton")),
        comes_to_rest=False,
    ),
    entry(
        "data-key-failed",
        f"{DATA}/",
        kind=MORE,
        after=one_after_another(failing("**/data/key/**"), open_key(".rg-toast")),
    ),
)

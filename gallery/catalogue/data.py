"""What is in an instance: console and data browser."""

from base64 import urlsafe_b64encode

from gallery.acts import pressed
from gallery.entry import entry

SHOP = "/orgs/{acme}/instances/{shop}"
DATA = f"{SHOP}/data"


def of(key: str) -> str:
    """Give the address of a key's value."""
    return f"{DATA}/?key={urlsafe_b64encode(key.encode()).decode().rstrip('=')}"


ENTRIES = (
    entry("console", f"{SHOP}/console/"),
    entry("console-viewer", f"{SHOP}/console/", "viewer"),
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
    entry("data-delete-many", f"{DATA}/delete-many/?match=session:*"),
    entry("data-stopped", "/orgs/{states}/instances/{in_stopped}/data/"),
)

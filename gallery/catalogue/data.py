"""What is in an instance: console and data browser."""

from gallery.acts import pressed
from gallery.entry import entry

SHOP = "/orgs/{acme}/instances/{shop}"
DATA = f"{SHOP}/data"

ENTRIES = (
    entry("console", f"{SHOP}/console/"),
    entry("console-viewer", f"{SHOP}/console/", "viewer"),
    entry("console-stopped", "/orgs/{states}/instances/{in_stopped}/console/"),
    entry("data", f"{DATA}/"),
    entry("data-viewer", f"{DATA}/", "viewer"),
    entry("data-string", f"{DATA}/?key=product:1042"),
    entry("data-hash", f"{DATA}/?key=user:7"),
    entry("data-list", f"{DATA}/?key=queue:mail"),
    entry("data-set", f"{DATA}/?key=features:on"),
    entry("data-sorted-set", f"{DATA}/?key=leaderboard"),
    entry("data-stream", f"{DATA}/?key=events:orders"),
    entry("data-binary", f"{DATA}/?key=blob"),
    entry("data-gone", f"{DATA}/?key=gone"),
    entry("data-new-key", f"{DATA}/", after=pressed("[data-dialog=data-dialog]")),
    entry("data-new-key-page", f"{DATA}/do/new/"),
    entry("data-delete-many", f"{DATA}/delete-many/?match=session:*"),
    entry("data-stopped", "/orgs/{states}/instances/{in_stopped}/data/"),
)

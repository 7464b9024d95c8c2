"""Instances in each of their states, and hard names everywhere."""

from gallery.entry import entry

STATES, LONG = "/orgs/{states}/instances", "/orgs/{long}"
NAMES = (
    *("pending", "creating", "running", "unhealthy", "stopping", "stopped", "error"),
    *("deleting", "adopted", "ephemeral"),
)

ENTRIES = (
    *(entry(f"instance-{name}", f"{STATES}/{{in_{name}}}/") for name in NAMES),
    entry("long-overview", f"{LONG}/"),
    entry("long-instances", f"{LONG}/instances/"),
    entry("long-instance", f"{LONG}/instances/{{long_instance}}/"),
    entry("long-settings", f"{LONG}/settings/"),
    entry("long-members", f"{LONG}/members/"),
)

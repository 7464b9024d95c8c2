"""Which lines are drawn together."""

from dataclasses import dataclass

from figures.series import BY_NAME, Unit


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing; its series share a unit. ``words`` say what it tells."""

    name: str
    title: str
    words: str
    series: tuple[str, ...]
    faint: tuple[str, ...] = ()
    """Those of them that are only the frame of another: limits and extremes."""
    is_sum: bool = False
    """Whether its lines add up to one number, as what goes in and what comes out."""

    @property
    def unit(self) -> Unit:
        return BY_NAME[self.series[0]].unit

    @property
    def names(self) -> str:
        return " ".join(self.series)

    @property
    def faint_names(self) -> str:
        return " ".join(self.faint)


CHARTS = (
    Chart(
        "operations",
        "Commands",
        "Commands a second, as your programs send them.",
        ("operations", "operations_max"),
        ("operations_max",),
    ),
    Chart(
        "memory",
        "Memory",
        "What the data takes, and what the process holds.",
        ("memory_used", "memory_rss", "memory_peak", "memory_limit"),
        ("memory_limit", "memory_peak"),
    ),
    Chart("hit_ratio", "Hit rate", "Reads that found their key.", ("hit_ratio",)),
    Chart(
        "latency",
        "Latency",
        "How long a PING takes on the server's own machine.",
        ("latency", "latency_max"),
        ("latency_max",),
    ),
    Chart(
        "clients",
        "Clients",
        "Native connections; those of the HTTP API are left out.",
        ("clients", "clients_max", "clients_blocked"),
        ("clients_max",),
    ),
    Chart(
        "network",
        "Network",
        "Bytes to and from clients.",
        ("network_in", "network_out"),
        is_sum=True,
    ),
    Chart("cpu", "CPU", "Share of one core.", ("cpu_user", "cpu_system"), is_sum=True),
    Chart("keys", "Keys", "In all databases.", ("keys", "keys_expiring")),
    Chart(
        "removed",
        "Evicted and expired",
        "Keys a second that gave way to others, or whose time was over.",
        ("evictions", "expirations"),
    ),
    Chart(
        "fragmentation",
        "Fragmentation",
        "Memory of the process for each byte of data; large while there is little data.",
        ("memory_fragmentation",),
    ),
)

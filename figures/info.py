"""What a server says in INFO, as far as it is kept."""

from collections.abc import Iterator, Mapping

from figures.points import CALLS_OF, KEYS_OF, MICROSECONDS_OF, Point

SECTIONS = ("server", "clients", "memory", "stats", "cpu", "commandstats", "keyspace")

_VALUES = {
    "used_memory": "used",
    "used_memory_rss": "rss",
    "used_memory_peak": "peak",
    "maxmemory": "limit",
    "blocked_clients": "blocked",
}
_COUNTERS = {
    "keyspace_hits": "hits",
    "keyspace_misses": "misses",
    "evicted_keys": "evicted",
    "expired_keys": "expired",
    "total_net_input_bytes": "bytes_in",
    "total_net_output_bytes": "bytes_out",
    "total_commands_processed": "commands",
}
_SECONDS = {"used_cpu_sys": "cpu_sys_us", "used_cpu_user": "cpu_user_us"}


class NotInfo(ValueError):
    """This isn't what INFO answers."""


class Info:
    """One answer: values of the moment, and counters since the server's start."""

    def __init__(self, text: str) -> None:
        fields = dict(line.split(":", 1) for line in text.split("\r\n") if ":" in line)
        try:
            self.run_id = fields["run_id"]
            self.connections = int(fields["connected_clients"])
            self.values = {ours: int(fields[theirs]) for theirs, ours in _VALUES.items()}
            self.counters = {ours: int(fields[theirs]) for theirs, ours in _COUNTERS.items()}
            for theirs, ours in _SECONDS.items():
                self.counters[ours] = round(float(fields[theirs]) * 1_000_000)
            self.counters.update(_commands(fields))
            self.values.update(_keys(fields))
        except (KeyError, ValueError) as error:
            raise NotInfo(f"INFO without {error}") from error


def _commands(fields: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Read ``cmdstat_get:calls=21,usec=175,…``."""
    for name, text in fields.items():
        if name.startswith("cmdstat_"):
            calls, microseconds, _ = text.split(",", 2)
            yield CALLS_OF + name[8:], int(calls[6:])
            yield MICROSECONDS_OF + name[8:], int(microseconds[5:])


def _keys(fields: Mapping[str, str]) -> Point:
    """Read ``db0:keys=3,expires=1,…`` of each database that holds anything."""
    found: Point = {"keys": 0, "expiring": 0}
    for name, text in fields.items():
        if name.startswith("db") and name[2:].isdigit():
            keys, expiring = (int(part.split("=")[1]) for part in text.split(",")[:2])
            found[KEYS_OF + name] = keys
            found["keys"] += keys
            found["expiring"] += expiring
    return found

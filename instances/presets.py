"""What *cache or store* means to the server."""

from dataclasses import dataclass

from django.db import models

from instances.spec import EvictionPolicy, Persistence


class Purpose(models.TextChoices):
    CACHE = "cache", "Cache"
    STORE = "store", "Store"


@dataclass(frozen=True, slots=True)
class Preset:
    eviction_policy: EvictionPolicy
    persistence: Persistence
    promise: str


PRESETS: dict[Purpose, Preset] = {
    Purpose.CACHE: Preset(
        EvictionPolicy.ALLKEYS_LRU,
        Persistence.NONE,
        "When memory is full, the keys used least recently make room. Nothing is kept on disk.",
    ),
    Purpose.STORE: Preset(
        EvictionPolicy.NOEVICTION,
        Persistence.AOF,
        "Nothing is ever evicted, and every write is on disk within a second.",
    ),
}

MEMORY_MB = range(8, 65_536 + 1)
"""Less than the first leaves no room for data beside the server's own needs."""

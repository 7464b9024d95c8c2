"""Deleting many keys: counted and weighed first, then in portions that a server hardly feels."""

from dataclasses import dataclass

from audit.actions import Action
from browser.connection import Server
from browser.scanning import Budget, Portion, scan
from browser.search import Search
from browser.services import Place, written_down

COUNTING = Budget(wanted=1_000_000, busy_seconds=0.06, wall_seconds=0.5)
DELETING = Budget(wanted=5_000, busy_seconds=0.06, wall_seconds=0.8)
SAMPLES = 20
UNLINK_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was counted so far; the size is an estimate from samples."""

    cursor: int = 0
    scanned: int = 0
    found: int = 0
    sampled: int = 0
    sampled_bytes: int = 0

    @property
    def estimated_bytes(self) -> int:
        return self.sampled_bytes * self.found // self.sampled if self.sampled else 0

    @property
    def is_done(self) -> bool:
        return self.cursor == 0


def weigh(server: Server, search: Search, before: Weighed) -> Weighed:
    """Count on from where the last portion ended, and weigh a few of the keys found."""
    portion = scan(server, search, before.cursor, COUNTING)
    # Spread over the portion: neighbours in a scan are no neighbours otherwise.
    names = portion.names[:: max(1, len(portion.names) // SAMPLES)][:SAMPLES]
    sizes = server.gather(*[("MEMORY", "USAGE", name) for name in names]) if names else []
    known = [size for size in sizes if isinstance(size, int)]
    return Weighed(
        cursor=portion.cursor,
        scanned=before.scanned + portion.scanned,
        found=before.found + len(portion.names),
        sampled=before.sampled + len(known),
        sampled_bytes=before.sampled_bytes + sum(known),
    )


def delete_portion(place: Place, search: Search, cursor: int) -> tuple[Portion, int]:
    """Delete what one request may, and say how many keys are gone by it."""
    portion = scan(place.server, search, cursor, DELETING)
    if not portion.names:
        return portion, 0
    count = len(portion.names)
    with written_down(place, Action.DATA_DELETE_MANY, search.pattern, type=search.kind, keys=count):
        pass  # a refusal half-way must not take back what was written of the first half
    deleted = 0
    for start in range(0, count, UNLINK_AT_ONCE):
        deleted += place.server.send("UNLINK", *portion.names[start : start + UNLINK_AT_ONCE])
    return portion, deleted

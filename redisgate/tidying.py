"""What the controller that holds the lease clears away by and by, for rooms below its own."""

from collections.abc import Callable

from accounts import refresh_tokens, shared_cache
from activity import retention
from instances import duties
from jobs import in_process, stranded

EVERY_SECONDS = 60.0
SEAL_EVERY_SECONDS = 3600.0
"""How often it looks whether the audit log is to be sealed; the settings say how often it is."""
CHORES: tuple[Callable[[], int], ...] = (
    stranded.revive,
    stranded.clear_finished,
    in_process.run_due,
    shared_cache.clear_expired,
    refresh_tokens.clear_expired,
)


def tidy() -> None:
    """Do every chore."""
    for chore in CHORES:
        chore()


DUTIES = (
    duties.repeated("tidying", tidy, every_seconds=EVERY_SECONDS),
    duties.repeated("sealing", retention.seal_what_is_due, every_seconds=SEAL_EVERY_SECONDS),
)

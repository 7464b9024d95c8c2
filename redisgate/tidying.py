"""What the controller that holds the lease clears away every minute, for rooms below its own."""

from collections.abc import Callable

from accounts import refresh_tokens, shared_cache
from instances import duties
from redisgate import jobs

EVERY_SECONDS = 60.0
CHORES: tuple[Callable[[], int], ...] = (
    jobs.revive_stranded,
    jobs.clear_finished,
    shared_cache.clear_expired,
    refresh_tokens.clear_expired,
)


def tidy() -> None:
    """Do every chore."""
    for chore in CHORES:
        chore()


DUTY = duties.repeated("tidying", tidy, every_seconds=EVERY_SECONDS)

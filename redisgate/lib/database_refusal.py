"""What to say where a query failed because the database is away, and not by our mistake."""

from django.db import InterfaceError, OperationalError

from redisgate.lib.errors import Unavailable

WORDS = (
    "The platform's database doesn't answer. Nothing is lost, and instances go on serving: "
    "try again in a few seconds."
)
RETRY_SECONDS = 2


def refusal_of(error: BaseException | None) -> Unavailable | None:
    """Give the refusal where the database is the trouble, and nothing anywhere else."""
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    return Unavailable(WORDS, log=repr(error), retry_after_seconds=RETRY_SECONDS)

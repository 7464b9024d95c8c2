"""What is refused to requests that must not run twice, or only if nothing has changed."""

from http import HTTPStatus

from redisgate.lib.errors import Conflict, InvalidInput, RedisGateError, Unavailable


class KeyInUse(Conflict):
    """The first request with this Idempotency-Key is still running."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(
            "ERR the first request with this Idempotency-Key is still running. This one was not "
            "sent; try again in a moment to get the first one's reply.",
            retry_after_seconds=1,
        )


class KeyReused(RedisGateError):
    """The Idempotency-Key belongs to another request."""

    code = "idempotency_key_reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self) -> None:
        super().__init__(
            "ERR this Idempotency-Key was used for another request: method, path, body or headers "
            "differ. Nothing was sent; use a new key for each request."
        )


class ReplyNotKept(Conflict):
    """The first request ran, but its reply was too large to be remembered."""

    code = "idempotent_reply_not_kept"

    def __init__(self, status: int, limit_bytes: int) -> None:
        super().__init__(
            f"ERR the first request with this Idempotency-Key ran and was answered with {status}, "
            f"but its reply was larger than the {limit_bytes} bytes that are kept. It was not sent "
            "again; read the data with another request."
        )


class FirstOutcomeUnknown(RedisGateError):
    """Whoever ran the first request died, or could not write down what came of it."""

    code = "idempotent_outcome_unknown"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self) -> None:
        super().__init__(
            "ERR the first request with this Idempotency-Key ended without an answer. It is "
            "unknown whether it ran, so it was not sent again. Look at the data, then use a new "
            "key."
        )


class TooMuchRemembered(RedisGateError):
    """The API key has used up what is kept for it."""

    code = "too_much_remembered"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"ERR too many requests of this API key carry an Idempotency-Key. Limit: {limit} in 24 "
            "hours. Nothing was sent; leave the header out where a repetition does no harm.",
            retry_after_seconds=60,
        )


class LedgerAway(Unavailable):
    """Without its database the platform can't promise that a request runs once."""

    code = "idempotency_unavailable"

    def __init__(self, *, log: str | None = None) -> None:
        super().__init__(
            "ERR the platform's database is away, and without it an Idempotency-Key can't be "
            "honoured. Nothing was sent; try again.",
            log=log,
            retry_after_seconds=1,
        )


class NotWatched(InvalidInput):
    """The server refused to watch or to digest; in its own words."""

    code = "not_watched"


class WatchedKeysTooLarge(InvalidInput):
    """Digesting so much would hold up everybody else on the server."""

    code = "watched_keys_too_large"

    def __init__(self, limit_bytes: int, so_far: str) -> None:
        super().__init__(
            f"ERR the watched keys hold too much. Limit: {limit_bytes} bytes together. {so_far}. "
            "Watch a smaller key that changes with them, such as a version."
        )


class WatchedKeyChanged(Conflict):
    """Somebody was faster; nothing of the transaction has run."""

    code = "watched_key_changed"

    def __init__(self) -> None:
        super().__init__(
            "ERR a watched key has changed. Nothing of the transaction was executed: read again "
            "with X-Watch-Keys and retry."
        )

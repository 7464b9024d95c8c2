"""What the management API refuses to requests that must not run twice."""

from http import HTTPStatus

from redisgate.lib.errors import Conflict, InvalidInput, RedisGateError


class BadName(InvalidInput):
    """The Idempotency-Key can't be one."""

    def __init__(self) -> None:
        super().__init__(
            "An Idempotency-Key has 1 to 255 visible ASCII characters; a UUID is a good one."
        )


class StillRunning(Conflict):
    """The first request of this name isn't answered yet."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still running. Try again in a moment "
            "to get its answer.",
            retry_after_seconds=1,
        )


class NameTaken(RedisGateError):
    """The Idempotency-Key belongs to another request."""

    code = "idempotency_key_reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Idempotency-Key used before"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request: address or body differ. Nothing "
            "was done; use a new key for each request."
        )


class OutcomeUnknown(Conflict):
    """Whoever ran the first request died, or could not write down what came of it."""

    code = "idempotent_outcome_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key ended without an answer, so nobody knows "
            "whether it did its work. Look at what is there, then use a new key."
        )


class AnswerNotKept(Conflict):
    """The first request was answered with more than is kept."""

    code = "idempotent_reply_not_kept"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key did its work, but its answer was too "
            "large to be kept. Read what it made with another request."
        )

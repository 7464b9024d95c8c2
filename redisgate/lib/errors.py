"""One error, several audiences.

A refusal carries a stable code for programs, an HTTP status, words for the person with the
next step, words for the log, and whether trying again can help. Each door renders it in its
own form: problem details, ``{"error": …}``, a toast or a line on the terminal.
"""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import ClassVar


class RedisGateError(Exception):
    """A refusal that somebody can act on.

    ``message`` is for the person; ``log`` defaults to it and may say more, but never a secret.
    ``retry_after_seconds`` is set where waiting helps.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        message: str,
        *,
        log: str | None = None,
        retry_after_seconds: float | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.log = log or message
        self.retry_after_seconds = retry_after_seconds
        self.details: Mapping[str, object] = details or {}

    @property
    def retry_headers(self) -> dict[str, str]:
        """Give ``Retry-After`` in whole seconds, at least one, where waiting helps."""
        if self.retry_after_seconds is None:
            return {}
        return {"Retry-After": str(max(1, ceil(self.retry_after_seconds)))}


class InvalidInput(RedisGateError):
    """The request can't be understood or breaks a rule; ``details`` names the fields."""

    code = "invalid_input"
    status = HTTPStatus.BAD_REQUEST
    title = "Please check your input"

    @staticmethod
    def in_field(field: str, words: str) -> "InvalidInput":
        """Say what is wrong with one field."""
        return InvalidInput(words, details={"errors": {field: [words]}})


class NotFound(RedisGateError):
    """The object doesn't exist, or belongs to somebody else: both look the same."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class Forbidden(RedisGateError):
    """The person is known and the object is theirs to see, but not to change like this."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN
    title = "Not allowed"


class Conflict(RedisGateError):
    """The object is in a state that doesn't allow this."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
    title = "Not possible right now"


class Unavailable(RedisGateError):
    """Something we depend on is away; trying again can help."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Temporarily unavailable"

"""What the command API refuses, in the words that its clients see.

Every message starts with a code the way Redis's own errors do, because SDKs show it as it is.
"""

from http import HTTPStatus
from typing import ClassVar

from redisgate.lib.errors import Forbidden, InvalidInput, NotFound, RedisGateError, Unavailable


class BadRequest(InvalidInput):
    """The request can't be understood; the sentence says which part."""

    code = "bad_request"

    def __init__(self, sentence: str) -> None:
        super().__init__(f"ERR {sentence}")


class CommandRefused(InvalidInput):
    """The command can't ride on a shared connection; the sentence holds the way out."""

    code = "command_refused"


class TransactionRefused(InvalidInput):
    """The server discarded the transaction, or wouldn't begin it: nothing has run."""

    code = "transaction_refused"


class MissingOrInvalidToken(RedisGateError):
    """No token, or one that opens nothing: both look the same."""

    code = "invalid_token"
    status = HTTPStatus.UNAUTHORIZED
    title = "Please check your API key"

    def __init__(self, *, log: str | None = None) -> None:
        super().__init__("WRONGPASS invalid or missing auth token", log=log)


class OrganizationSuspended(Forbidden):
    """The key is good, but an operator has suspended its organization."""

    code = "organization_suspended"

    def __init__(self) -> None:
        super().__init__(
            "ERR the organization is suspended. Nothing was executed. Ask the operator of this "
            "RedisGate to resume it."
        )


class AddressNotAllowed(Forbidden):
    """The key is one for other networks."""

    code = "address_not_allowed"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"NOPERM this API key can't be used from the address {address[:45] or 'unknown'}. Its "
            "networks stand on the key's page in the dashboard."
        )


class UnknownInstance(NotFound):
    """The instance doesn't exist, or this key may not see it: both look the same."""

    code = "unknown_instance"

    def __init__(self) -> None:
        super().__init__(
            "ERR no such instance. Check the URL, and that this API key belongs to the "
            "instance's organization and may use it."
        )


class MethodNotAllowed(RedisGateError):
    """The path exists, but not for this method."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"ERR method {method[:20]} is not allowed here. Use {allowed}.")
        self.allowed = allowed


class RequestTooLarge(RedisGateError):
    """The body is above the limit; nothing of it has run."""

    code = "request_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"ERR max request size exceeded. Limit: {limit_bytes} bytes.")


class BodyTooSlow(RedisGateError):
    """The body didn't arrive in time; nothing of it has run."""

    code = "request_timeout"
    status = HTTPStatus.REQUEST_TIMEOUT

    def __init__(self) -> None:
        super().__init__("ERR the request did not arrive in time. Nothing of it was executed.")


class RateLimited(RedisGateError):
    """The key has used up its commands for now; nothing of the request has run."""

    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, limit: int, wait_seconds: float) -> None:
        super().__init__(
            f"ERR rate limit exceeded: this API key may run {limit} commands a second. "
            f"Nothing was executed. Try again in {max(wait_seconds, 0.01):.2f} seconds, send less, "
            "or use a key with a higher limit.",
            retry_after_seconds=wait_seconds,
        )


class InstanceNotRunning(Unavailable):
    """The instance is stopped, starting or broken; ``words`` say which and what to do."""

    code = "instance_not_running"

    def __init__(self, words: str) -> None:
        super().__init__(f"ERR {words}", retry_after_seconds=5)


class InstanceUnreachable(Unavailable):
    """The server didn't take the connection; not a byte of the command has been sent."""

    code = "instance_unreachable"
    words: ClassVar[str] = (
        "ERR the instance is not reachable right now. The command was not sent; try again."
    )

    def __init__(self, *, log: str | None = None) -> None:
        super().__init__(self.words, log=log, retry_after_seconds=1)


class CircuitOpen(InstanceUnreachable):
    """The server has been away for so long that nobody waits for it; not a byte has been sent."""

    code = "circuit_open"
    words = (
        "ERR the instance has not been reachable for a while, so commands are refused at once "
        "until it answers again. The command was not sent; try again in a moment. The "
        "instance's page in the dashboard says how it is."
    )


class TooBusy(Unavailable):
    """So much is under way on this connection that more would only pile up."""

    code = "too_busy"

    def __init__(self) -> None:
        super().__init__(
            "ERR too many commands are under way for this instance. The command was not sent; "
            "try again.",
            retry_after_seconds=1,
        )


class TooManyConnections(Unavailable):
    """All connections that this worker may have to the instance are at work."""

    code = "too_many_connections"

    def __init__(self, limit: int) -> None:
        super().__init__(
            "ERR too many API keys use this instance at the same moment. Limit: "
            f"{limit} connections. The command was not sent; try again.",
            retry_after_seconds=1,
        )


class UnknownOutcome(RedisGateError):
    """The command was sent and no reply came, so whether it ran can't be said."""

    code: ClassVar[str] = "connection_lost"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_GATEWAY

    def __init__(
        self, reason: str = "the connection to the instance was lost", hint: str = ""
    ) -> None:
        sentence = f"ERR {reason} before the reply came. It is unknown whether it ran."
        super().__init__(f"{sentence} {hint}".rstrip())


class CommandTimeout(UnknownOutcome):
    """The command was sent and took too long."""

    code = "command_timeout"
    status = HTTPStatus.GATEWAY_TIMEOUT

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the command took longer than {seconds:g} seconds and was given up")


class BrokenReply(RedisGateError):
    """The server's reply can't be read or shown; the command did run."""

    code = "broken_reply"
    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, reason: str) -> None:
        super().__init__(f"ERR the command ran, but its reply can't be passed on: {reason}.")


class UnfitReply(BrokenReply):
    """The reply is too large or too deep: that lies in what was asked for, not in the server."""

    code = "unfit_reply"
    status = HTTPStatus.BAD_REQUEST


class TooManyWaiting(RedisGateError):
    """The key holds as many streams or blocking commands as it may."""

    code = "too_many_waiting"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(
            f"ERR too many {what} for this key. Limit: {limit}. End one, then try again.",
            retry_after_seconds=1,
        )


class Restarting(Unavailable):
    """The worker is ending and takes nothing that lasts."""

    code = "restarting"

    def __init__(self) -> None:
        super().__init__("ERR the platform is restarting. Try again.", retry_after_seconds=1)


class StreamLost(Unavailable):
    """The connection behind a stream is gone."""

    code = "stream_lost"

    def __init__(self) -> None:
        super().__init__(
            "ERR the connection to the instance was lost. Connect again.", retry_after_seconds=1
        )


class ReaderTooSlow(RedisGateError):
    """A stream's reader is so far behind that messages had to be dropped."""

    code = "reader_too_slow"
    status = HTTPStatus.REQUEST_TIMEOUT

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"ERR more than {limit_bytes} bytes were waiting to be read, and messages were lost. "
            "Read faster, then connect again."
        )


class ClientGone(RedisGateError):
    """Nobody waits for the answer any more; it is written for the log alone."""

    code = "client_gone"
    status = HTTPStatus.REQUEST_TIMEOUT

    def __init__(self) -> None:
        super().__init__("ERR the client went away before the answer.")

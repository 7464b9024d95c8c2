"""The way of one command, between an understood request and the bytes of its answer.

Pure; what lies between ``prepare`` and ``finish`` is one exchange with the server.
"""

from dataclasses import dataclass

from gateway import encoding, policy
from gateway.errors import BrokenReply, CommandRefused, MethodNotAllowed, TransactionRefused
from gateway.parsing import Kind, Request
from gateway.resp import ErrorReply, Reply
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack


@dataclass(slots=True)
class Prepared:
    """A request ready for the wire.

    ``refusals`` are by place in the pipeline, ``telling`` the places of replies that show paths
    of the host.
    """

    request: Request
    payload: bytes
    expected: int
    refusals: dict[int, str]
    telling: list[int]

    @property
    def is_transaction(self) -> bool:
        return self.request.kind is Kind.TRANSACTION


@dataclass(slots=True)
class Response:
    """Status and JSON body; headers are the door's."""

    status: int
    body: bytes
    retry_after_seconds: float | None = None
    allow: str = ""
    """The methods that are allowed, on 405."""


def prepare(request: Request) -> Prepared:
    """Apply the policy and pack; raise a refusal where nothing may be sent."""
    commands = request.commands
    refusals, telling = policy.review(commands)
    if request.kind is Kind.TRANSACTION:
        if refusals:
            raise TransactionRefused(next(iter(refusals.values())))
        commands = [[b"MULTI"], *commands, [b"EXEC"]]
    elif refusals:
        if request.kind is Kind.SINGLE:
            raise CommandRefused(refusals[0])
        commands = [c for place, c in enumerate(commands) if place not in refusals]
    return Prepared(request, pack(commands), len(commands), refusals, telling)


def finish(prepared: Prepared, replies: list[Reply]) -> Response:
    """Make the answer of the replies that belong to the prepared request."""
    request = prepared.request
    if request.kind is Kind.TRANSACTION:
        replies = _transaction_results(replies)
    elif prepared.refusals:
        replies = _with_refusals(prepared, replies)
    for place in prepared.telling:
        replies[place] = encoding.without_host_paths(replies[place])
    if request.kind is not Kind.SINGLE:
        return Response(200, encoding.encode_batch(replies, is_base64=request.is_base64))
    status = 400 if isinstance(replies[0], ErrorReply) else 200
    return Response(status, encoding.encode_single(replies[0], is_base64=request.is_base64))


def _transaction_results(replies: list[Reply]) -> list[Reply]:
    result = replies[-1]
    if isinstance(result, ErrorReply):
        raise TransactionRefused(encoding.error_text(result))
    if not isinstance(result, list):
        raise BrokenReply("EXEC gave no results")
    return result


def _with_refusals(prepared: Prepared, replies: list[Reply]) -> list[Reply]:
    answered = iter(replies)
    refusals = prepared.refusals
    return [
        ErrorReply(refusals[place]) if place in refusals else next(answered)
        for place in range(len(prepared.request.commands))
    ]


def refused(error: RedisGateError) -> Response:
    """Make the answer of a refusal."""
    body = encoding.encode_error(error.message)
    allow = error.allowed if isinstance(error, MethodNotAllowed) else ""
    return Response(int(error.status), body, error.retry_after_seconds, allow)

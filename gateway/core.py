"""The way of one command, between an understood request and the bytes of its answer.

``prepare`` and ``finish`` are pure; what lies between them is one call to the upstream, by
callback (``Upstreams.submit``) or awaited (``execute``).
"""

from dataclasses import dataclass, field

from gateway import encoding, policy
from gateway.errors import BrokenReply, CommandRefused, MethodNotAllowed, TransactionRefused
from gateway.parsing import Kind, Request
from gateway.principals import Principal, Target
from gateway.resp import Command, ErrorReply, Reply, pack
from gateway.upstream import Upstreams
from redisgate.lib.errors import RedisGateError


@dataclass(slots=True)
class Prepared:
    """A request ready for the wire. ``refusals`` are by place in the pipeline."""

    request: Request
    payload: bytes
    expected: int
    refusals: dict[int, str] = field(default_factory=dict)

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
    """Apply the policy and pack; raise CommandRefused where nothing is left to send."""
    if request.kind is Kind.SINGLE:
        refusal = policy.refusal(request.commands[0])
        if refusal is not None:
            raise CommandRefused(refusal)
        return Prepared(request, pack(request.commands), 1)
    refusals = _refusals(request.commands)
    if request.kind is Kind.TRANSACTION:
        if refusals:
            raise TransactionRefused(next(iter(refusals.values())))
        commands = [[b"MULTI"], *request.commands, [b"EXEC"]]
        return Prepared(request, pack(commands), len(commands))
    allowed = [c for place, c in enumerate(request.commands) if place not in refusals]
    return Prepared(request, pack(allowed), len(allowed), refusals)


def _refusals(commands: list[Command]) -> dict[int, str]:
    refused = ((place, policy.refusal(command)) for place, command in enumerate(commands))
    return {place: words for place, words in refused if words is not None}


def finish(prepared: Prepared, replies: list[Reply]) -> Response:
    """Make the answer of the replies that belong to the prepared request."""
    request = prepared.request
    if request.kind is Kind.SINGLE:
        reply = _redacted(request.commands, replies)[0]
        status = 400 if isinstance(reply, ErrorReply) else 200
        return Response(status, encoding.encode_single(reply, is_base64=request.is_base64))
    if request.kind is Kind.TRANSACTION:
        replies = _transaction_results(replies)
    elif prepared.refusals:
        replies = _with_refusals(prepared, replies)
    replies = _redacted(request.commands, replies)
    return Response(200, encoding.encode_batch(replies, is_base64=request.is_base64))


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


def _redacted(commands: list[Command], replies: list[Reply]) -> list[Reply]:
    for place, command in enumerate(commands):
        if policy.is_info(command):
            replies[place] = encoding.without_host_paths(replies[place])
    return replies


def refused(error: RedisGateError) -> Response:
    """Make the answer of a refusal."""
    body = encoding.encode_error(error.message)
    allow = error.allowed if isinstance(error, MethodNotAllowed) else ""
    return Response(int(error.status), body, error.retry_after_seconds, allow)


async def execute(
    request: Request, principal: Principal, target: Target, upstreams: Upstreams
) -> Response:
    """Run an admitted request; every refusal becomes a response."""
    try:
        prepared = prepare(request)
        replies: list[Reply] = []
        if prepared.expected:
            replies = await upstreams.request(
                target,
                principal,
                prepared.payload,
                prepared.expected,
                is_transaction=prepared.is_transaction,
            )
        return finish(prepared, replies)
    except RedisGateError as error:
        return refused(error)

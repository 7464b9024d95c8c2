"""The way of one command, between an understood request and the bytes of its answer.

Pure; what lies between ``prepare`` and ``finish`` is one exchange with the server.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway import dialect, encoding, policy, raw
from gateway.allowance import Allowance
from gateway.dialect import Translation
from gateway.dialect_scripts import Scripts
from gateway.errors import BrokenReply, CommandRefused, MethodNotAllowed, TransactionRefused
from gateway.parsing import SINGLE, TRANSACTION, Kind, Request
from gateway.resp import ErrorReply, Reply
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack, pack_ascii, pack_one

JSON = "application/json"


@dataclass(slots=True)
class Prepared:
    """A request ready for the wire; everything is by place among its commands.

    ``answers`` are the replies to commands that aren't sent, ``telling`` the places of replies
    that show paths of the host.
    """

    request: Request
    payload: bytes
    expected: int
    answers: dict[int, Reply]
    telling: list[int]
    translation: Translation | None = None

    @property
    def is_transaction(self) -> bool:
        return self.request.kind is Kind.TRANSACTION

    @property
    def needs_rounds(self) -> bool:
        """Tell whether ``gateway.rounds`` has to fetch the replies."""
        return self.translation is not None and self.translation.needs_rounds

    def index_on_wire(self, place: int) -> int:
        """Give where the reply to a command is among those of the server."""
        return place - sum(answered < place for answered in self.answers)


class Stream(Protocol):
    """A body without an end that is known. It is iterated once, and closed in any case."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def close(self) -> None:
        """Give back what it holds; from any thread, and also when it was never iterated."""


@dataclass(slots=True)
class Response:
    """Status and body; headers are the door's."""

    status: int
    body: bytes
    retry_after_seconds: float | None = None
    allow: str = ""
    """The methods that are allowed, on 405."""
    content_type: str = JSON
    allowance: Allowance | None = None
    """What the key may still do, where the key is known."""
    stream: Stream | None = None
    """Server-sent events, instead of the body."""
    headers: Mapping[str, str] | None = None
    """What the answer says beyond those that every answer has."""
    code: str = ""
    """Which refusal this is; empty when the server has answered."""
    errors: Sequence[int] = ()
    """Places of the commands of a pipeline or transaction that failed."""


def plain(request: Request) -> bytes | None:
    """Pack ordinary commands that are answered in JSON, or return None for the rest.

    What ``prepare`` and ``finish`` would do for them, without what they would find not to do.
    """
    if request.kind is TRANSACTION or request.is_resp2 or request.refused:
        return None
    words = request.words
    if words is None:
        command = request.commands[0]
        is_one = request.kind is SINGLE and policy.is_ordinary(command[0])
        return pack_one(tuple(command)) if is_one else None
    if len(words) == 1:
        return pack_one(tuple(words[0])) if policy.is_ordinary_text(words[0][0]) else None
    is_ordinary = all(policy.is_ordinary_text(str(name)) for name in set(request.names()))
    if not is_ordinary:
        return None
    return pack_ascii(words) if request.is_ascii else pack(words)


def finish_plain(request: Request, replies: list[Reply]) -> Response:
    """Make the answer of the replies to a plain request."""
    if request.kind is SINGLE:
        reply = replies[0]
        status = 400 if type(reply) is ErrorReply else 200
        encode = encoding.encode_plain_base64 if request.is_base64 else encoding.encode_plain
        return Response(status, encode(reply))
    body = encoding.encode_batch(replies, is_base64=request.is_base64)
    return Response(200, body, errors=encoding.failed(replies))


def prepare(request: Request, scripts: Scripts) -> Prepared:
    """Apply the policy, translate and pack; raise a refusal where nothing may be sent."""
    commands = request.commands
    refusals, telling, foreign = policy.review(commands)
    if request.refused:
        refusals.update(request.refused)
        telling = [place for place in telling if place not in refusals]
        foreign = [place for place in foreign if place not in refusals]
    translation = dialect.translate(commands, foreign, scripts) if foreign else None
    if request.kind is Kind.TRANSACTION:
        _refuse_in_transaction(refusals, translation)
    elif refusals and request.kind is Kind.SINGLE:
        raise CommandRefused(refusals[0])
    answers: dict[int, Reply] = {place: ErrorReply(words) for place, words in refusals.items()}
    unsent: Collection[int] = answers
    if translation is not None:
        commands = [translation.sent.get(place, c) for place, c in enumerate(commands)]
        answers |= translation.answers
        unsent = answers.keys() | translation.token_questions.keys()
    if unsent:
        commands = [c for place, c in enumerate(commands) if place not in unsent]
    if request.kind is Kind.TRANSACTION:
        commands = [[b"MULTI"], *commands, [b"EXEC"]]
    return Prepared(request, pack(commands), len(commands), answers, telling, translation)


def _refuse_in_transaction(refusals: dict[int, str], translation: Translation | None) -> None:
    if refusals:
        raise TransactionRefused(next(iter(refusals.values())))
    if translation is not None and translation.not_in_transaction:
        raise TransactionRefused(translation.not_in_transaction)


def finish(prepared: Prepared, replies: list[Reply]) -> Response:
    """Make the answer of the replies that belong to the prepared request."""
    request = prepared.request
    if request.kind is Kind.TRANSACTION:
        replies = _transaction_results(replies)
    elif prepared.answers:
        replies = _with_answers(prepared, replies)
    for place in prepared.telling:
        replies[place] = encoding.without_host_paths(raw.parsed(replies[place]))
    if prepared.translation is not None:
        dialect.answer(prepared.translation, replies)
    status = 400 if request.kind is Kind.SINGLE and isinstance(replies[0], ErrorReply) else 200
    if request.is_resp2:
        body, errors = raw.encode(replies), encoding.failed(replies)
        return Response(status, body, content_type="application/octet-stream", errors=errors)
    if request.kind is not Kind.SINGLE:
        body = encoding.encode_batch(replies, is_base64=request.is_base64)
        return Response(status, body, errors=encoding.failed(replies))
    return Response(status, encoding.encode_single(replies[0], is_base64=request.is_base64))


def _transaction_results(replies: list[Reply]) -> list[Reply]:
    result = replies[-1]
    if isinstance(result, ErrorReply):
        raise TransactionRefused(encoding.error_text(result))
    if not isinstance(result, list):
        raise BrokenReply("EXEC gave no results")
    return result


def _with_answers(prepared: Prepared, replies: list[Reply]) -> list[Reply]:
    answered, answers = iter(replies), prepared.answers
    return [
        answers[place] if place in answers else next(answered)
        for place in range(len(prepared.request.commands))
    ]


def refused(error: RedisGateError) -> Response:
    """Make the answer of a refusal."""
    body = encoding.encode_error(error.message)
    allow = error.allowed if isinstance(error, MethodNotAllowed) else ""
    return Response(int(error.status), body, error.retry_after_seconds, allow, code=error.code)

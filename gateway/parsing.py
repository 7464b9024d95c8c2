"""HTTP bytes in, commands out. Pure: no network, no framework.

A command is a list of bytes. Nothing here knows which commands exist.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from gateway import json_commands
from gateway.errors import (
    BadRequest,
    MethodNotAllowed,
    MissingOrInvalidToken,
    RequestTooLarge,
)
from gateway.limits import Limits
from gateway.resp import Command

TOKEN_BYTES_MAX = 4096


class Kind(Enum):
    """What a request asks for."""

    SINGLE = "single"
    PIPELINE = "pipeline"
    TRANSACTION = "transaction"
    STREAM = "stream"


BATCHES = {b"pipeline": Kind.PIPELINE, b"multi-exec": Kind.TRANSACTION}
STREAMS = frozenset({b"subscribe", b"psubscribe", b"monitor"})
STREAM_METHODS = ("GET", "POST")
COMMAND_METHODS = ("GET", "POST", "PUT", "HEAD")


class Request:
    """One understood request. ``kind`` STREAM has its words as the only command.

    Commands that came as JSON strings and nothing else stay such ``words`` until somebody wants
    bytes: most can be sent as they are.
    """

    __slots__ = (
        "_commands",
        "_names",
        "is_ascii",
        "is_base64",
        "is_resp2",
        "kind",
        "refused",
        "size",
        "words",
    )

    def __init__(
        self,
        kind: Kind,
        commands: list[Command] | None,
        is_base64: bool = False,
        is_resp2: bool = False,
        words: list[list[str]] | None = None,
        is_ascii: bool = False,
    ) -> None:
        """``is_ascii`` tells that all words are."""
        self.kind = kind
        self._commands = commands
        self._names: Sequence[str | bytes] | None = None
        self.is_base64 = is_base64
        self.is_resp2 = is_resp2
        self.words = words
        self.is_ascii = is_ascii
        self.refused: Mapping[int, str] = {}
        """Why commands at these places may not be sent, where that isn't the server's to say."""
        self.size = len(words or commands or ())
        """The number of commands."""

    @property
    def commands(self) -> list[Command]:
        if self._commands is None:
            self._commands = [[word.encode() for word in words] for words in self.words or ()]
        return self._commands

    @property
    def first_name(self) -> bytes:
        """Give the first word of the first command as it came."""
        return self.commands[0][0] if self.words is None else self.words[0][0].encode()

    def names(self) -> Sequence[str | bytes]:
        """Give the first word of each command as it came."""
        if self._names is None:
            commands: Sequence[Sequence[str | bytes]] = self.words or self.commands
            self._names = [command[0] for command in commands]
        return self._names


@dataclass(slots=True)
class Form:
    """What is known of a request without its body.

    ``before`` and ``after`` are the arguments around that of the body; without any, the body
    holds the commands themselves.
    """

    kind: Kind
    before: list[bytes]
    after: list[bytes]
    takes_body: bool
    is_base64: bool = False
    is_resp2: bool = False

    def read(self, body: bytes, limits: Limits) -> Request:
        """Understand the body, and so the whole request."""
        if len(body) > limits.request_bytes:
            raise RequestTooLarge(limits.request_bytes)
        kind, is_base64, is_resp2 = self.kind, self.is_base64, self.is_resp2
        if kind is Kind.STREAM:
            return Request(kind, [self.before])
        if self.before:
            return Request(kind, [self._arguments(body)], is_base64, is_resp2)
        try:
            value = orjson.loads(body)
            is_one = kind is SINGLE and type(value) is list and value
            words = [value] if is_one else _words_in(value, kind, limits)
            # Joining is the quickest way to find out whether all arguments are strings.
            text = "".join(words[0] if is_one else chain.from_iterable(words))
        except (orjson.JSONDecodeError, TypeError):
            # Numbers keep their text, and orjson refuses some of them, such as 1e400.
            words = _words_in(json_commands.load_literals(body), kind, limits)
            commands = json_commands.encoded(words, is_one=kind is SINGLE)
            return Request(kind, commands, is_base64, is_resp2)
        return Request(kind, None, is_base64, is_resp2, words, text.isascii())

    def _arguments(self, body: bytes) -> Command:
        if body and self.takes_body:
            return [*self.before, body, *self.after]
        return self.before + self.after


# An enum's members are slow to find by name.
SINGLE, TRANSACTION = Kind.SINGLE, Kind.TRANSACTION


def _words_in(value: object, kind: Kind, limits: Limits) -> list[list[Any]]:
    if kind is SINGLE:
        return [json_commands.one(value)]
    return json_commands.several(value, limits.pipeline_commands)


def form_of(method: str, rest: bytes, query: bytes) -> Form:
    """Understand all of a request but headers and body.

    ``rest`` is the still encoded path after the instance's id.
    """
    if method not in COMMAND_METHODS:
        raise MethodNotAllowed(method, ", ".join(COMMAND_METHODS))
    segments = path_segments(rest)
    if not segments:
        return _base(method)
    if len(segments) == 1 and segments[0] in BATCHES:
        if method != "POST":
            raise MethodNotAllowed(method, "POST")
        return Form(BATCHES[segments[0]], [], [], takes_body=True)
    if segments[0].lower() in STREAMS:
        if method not in STREAM_METHODS:
            raise MethodNotAllowed(method, ", ".join(STREAM_METHODS))
        return Form(Kind.STREAM, segments, [], takes_body=False)
    after = query_arguments(query) if query else []
    return Form(SINGLE, segments, after, takes_body=method in ("POST", "PUT"))


def _base(method: str) -> Form:
    if method == "POST":
        return Form(SINGLE, [], [], takes_body=True)
    if method == "PUT":
        raise MethodNotAllowed(method, "POST")
    raise BadRequest('empty command. Use a path like /get/key, or POST ["GET", "key"]')


def path_segments(rest: bytes) -> list[bytes]:
    """Split a still encoded path into arguments, so that ``%2F`` stays inside one.

    One trailing slash means the same as none; any other empty segment is an empty argument.
    """
    if not rest or rest == b"/":
        return []
    rest = rest.removeprefix(b"/").removesuffix(b"/")
    if b"%" not in rest:
        return rest.split(b"/")
    return [unquote_to_bytes(segment) for segment in rest.split(b"/")]


def query_arguments(query: bytes) -> list[bytes]:
    """Read ``EX=100`` as two arguments and ``NX`` as one, and leave the token out."""
    arguments: list[bytes] = []
    for name, value in _query_pairs(query):
        if name == b"_token":
            continue
        arguments.append(name)
        if value is not None:
            arguments.append(value)
    return arguments


def _query_pairs(query: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    for piece in query.split(b"&"):
        if piece:
            name, equals, value = piece.replace(b"+", b" ").partition(b"=")
            yield unquote_to_bytes(name), unquote_to_bytes(value) if equals else None


def find_token(authorization: bytes, query: bytes) -> str:
    """Give the bearer token of a request; two different ones are as bad as none."""
    found = set[bytes]()
    if authorization:
        scheme, _, credentials = authorization.strip().partition(b" ")
        if scheme.lower() != b"bearer":
            raise MissingOrInvalidToken(log="not a bearer token")
        found.add(credentials.strip())
    if b"_" in query or b"%" in query:
        found.update(value or b"" for name, value in _query_pairs(query) if name == b"_token")
    token = found.pop() if len(found) == 1 else b""
    if not 0 < len(token) <= TOKEN_BYTES_MAX or not token.isascii():
        raise MissingOrInvalidToken(log="no token, several tokens or no possible token")
    return token.decode("ascii")


def wants_base64(encoding: bytes) -> bool:
    """Read ``Upstash-Encoding``."""
    if not encoding:
        return False
    if encoding.strip().lower() != b"base64":
        raise BadRequest("unknown Upstash-Encoding. The only one is base64")
    return True


def wants_resp2(response_format: bytes, form: Form) -> bool:
    """Read ``Upstash-Response-Format``; ``is_base64`` of the form is set before.

    A transaction is always answered in JSON, a stream in events.
    """
    wanted = response_format.strip().lower()
    if wanted in (b"", b"json"):
        return False
    if wanted != b"resp2":
        raise BadRequest("unknown Upstash-Response-Format. Use json or resp2")
    if form.kind in (Kind.TRANSACTION, Kind.STREAM):
        return False
    if form.is_base64:
        raise BadRequest("resp2 and base64 can't be combined. Leave one of the headers out")
    return True

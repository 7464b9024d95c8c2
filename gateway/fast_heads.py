"""Which requests the fast lane takes, told by their heads. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway import core, special
from gateway.call import Head, TalliedAs, joined
from gateway.encoding import encode_plain, encode_plain_base64
from gateway.headers import TELLING
from gateway.parsing import COMMAND_METHODS, SINGLE, STREAMS, Form, Request
from gateway.resp import Reply
from redisgate.lib.errors import RedisGateError

PREFIX = b"/redis/"
METHODS = {method.encode(): method for method in COMMAND_METHODS}
LENGTH_DIGITS_MAX = 20
"""A length of more digits begins with zeros, and Python doesn't read any number of them."""
# How a body comes.
HANDED_ON = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
# What makes the answer another one than that of most requests.
UNCOMMON = TELLING | {b"upstash-response-format", b"upstash-reponse-format"}


# What many clients send anew with each request and nobody here reads: ``headers`` are without it,
# so that one head can stand for all that differ in nothing else. Whoever wants to read one of these
# takes it out of here first.
UNREAD = frozenset(
    {
        b"upstash-sync-token",
        b"traceparent",
        b"tracestate",
        b"baggage",
        b"sentry-trace",
        b"x-amzn-trace-id",
        b"x-cloud-trace-context",
        b"cf-ray",
    }
)
LENGTH = b"content-length"


@dataclass(frozen=True, slots=True)
class Ready:
    """An ordinary command that a path says, as the server takes it."""

    request: Request
    name: str
    payload: bytes
    tallied_as: TalliedAs


class FastHead(Head):
    """A head that the fast lane answers."""

    may_be_special = False
    __slots__ = ("announced_bytes", "encode", "is_common", "limit_bytes", "ready")

    announced_bytes: int
    """The body of the request that it was read of; those that share it may have others."""
    limit_bytes: int
    """What no body may exceed."""
    is_common: bool
    """A single command comes in the path or the body, and the answer has nothing special; this and
    what follows is there when it is remembered."""
    ready: Ready | None
    """The command, where the path says all of it."""
    encode: Callable[[Reply], bytes]
    """Writes the answer to a common one."""

    def prepare(self) -> None:
        """Find out what the shortest way wants to know each time."""
        self.ready, self.is_common = None, False
        try:
            form = self.form()
        except RedisGateError:
            return  # the flow says it each time
        self.ready = _ready(self, form)
        self.encode = encode_plain_base64 if form.is_base64 else encode_plain
        self.is_common = UNCOMMON.isdisjoint(self.headers) and (
            self.ready is not None or _is_in_body(self)
        )

    def may_be_stream(self) -> bool:
        parts = self.parts
        if len(parts) < 4:
            return False
        first, _, _ = parts[3].partition(b"/")
        return b"%" in first or first.lower() in STREAMS


def read(
    method: bytes, url: bytes, pairs: Sequence[tuple[bytes, bytes]], limit_bytes: int
) -> FastHead | None:
    """Take the head, or return None for what the other door shall answer."""
    method_name = METHODS.get(method)
    if method_name is None or not url.startswith(PREFIX) or b"#" in url or not url.isascii():
        return None
    headers = dict(pairs)
    if len(headers) != len(pairs):
        headers = joined(pairs)
    announced = headers.pop(LENGTH, b"0")
    if not HANDED_ON.isdisjoint(headers) or not announced.isdigit():
        return None
    if len(announced) > LENGTH_DIGITS_MAX:
        return None
    # Asked each time: what came before the registry was filled would lose its meaning silently.
    if not special.BY_HEADER.keys().isdisjoint(headers):
        return None
    for name in UNREAD.intersection(headers):
        del headers[name]
    path, _, query = url.partition(b"?")
    head = FastHead(method_name, path, query, headers)
    head.announced_bytes, head.limit_bytes = int(announced), limit_bytes
    return None if head.announced_bytes > limit_bytes or head.may_be_stream() else head


def _is_in_body(head: FastHead) -> bool:
    return head.method == "POST" and not head.query and head.rest() in (b"", b"/")


def _ready(head: FastHead, form: Form) -> Ready | None:
    if head.method != "GET" or form.kind is not SINGLE:
        return None
    request = Request(SINGLE, [form.before + form.after], form.is_base64, form.is_resp2)
    payload = core.plain(request)
    if payload is None or not request.first_name.isascii():
        return None
    name = request.first_name.decode("ascii")
    return Ready(request, name, payload, (head.method, name))

"""One request to the command API as every door hands it on. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from gateway import parsing
from gateway.errors import UnknownInstance
from gateway.parsing import Form, Request
from gateway.principals import Principal, Target

if TYPE_CHECKING:
    from gateway.counting import Tally
    from gateway.lane import Lane
    from gateway.token_bucket import Bucket

Credentials = tuple[bytes, bytes, bytes]
TalliedAs = str | tuple[str, str]


class Head:
    """What is known before the body comes. Equal heads may share one.

    ``path`` and ``query`` are as they were sent, still encoded; ``headers`` have lower-case
    names, and what came several times is joined with commas.
    """

    may_be_special: ClassVar[bool] = True
    __slots__ = ("_token", "admitted", "headers", "known_form", "method", "parts", "path", "query")

    def __init__(
        self, method: str, path: bytes, query: bytes, headers: Mapping[bytes, bytes]
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self._token = ""
        self.parts = path.split(b"/", 3)
        self.known_form: Form | None = None
        self.admitted: Admitted | None = None
        """Whom and what the flow has found for it."""

    def token(self) -> str:
        """Give the API key. Raises MissingOrInvalidToken."""
        if not self._token:
            self._token = parsing.find_token(self.headers.get(b"authorization", b""), self.query)
        return self._token

    def credentials(self) -> Credentials:
        """Give the bytes that ``token`` and ``instance_id`` are read from."""
        parts, query = self.parts, self.query
        may_name_token = b"_" in query or b"%" in query
        return (
            self.headers.get(b"authorization", b""),
            query if may_name_token else b"",
            parts[2] if len(parts) > 2 else b"",
        )

    def instance_id(self) -> UUID:
        """Read the id in ``/redis/{id}/rest``. Raises UnknownInstance."""
        parts = self.parts
        try:
            return UUID(parts[2].decode("ascii"))
        except (IndexError, ValueError):
            raise UnknownInstance from None

    def rest(self) -> bytes:
        """Give the path behind the id, with its slash."""
        parts = self.parts
        return b"/" + parts[3] if len(parts) > 3 else b""

    def form(self) -> Form:
        """Understand the request as far as that goes without its body.

        Raises RedisGateError.
        """
        if self.known_form is None:
            form = parsing.form_of(self.method, self.rest(), self.query)
            self._read_wishes(form)
            self.known_form = form
        return self.known_form

    def _read_wishes(self, form: Form) -> None:
        header = self.headers.get
        encoding = header(b"upstash-encoding")
        if encoding:
            form.is_base64 = parsing.wants_base64(encoding)
        # Upstash's documentation spells it in two ways.
        wanted = header(b"upstash-response-format") or header(b"upstash-reponse-format")
        if wanted:
            form.is_resp2 = parsing.wants_resp2(wanted, form)


class Admitted:
    """A key that may use an instance, as long as what is known of both is fresh.

    ``lane``, ``bucket`` and ``tallies`` are where its commands go and are counted, as soon as that
    is known.
    """

    __slots__ = (
        "bucket",
        "command_seconds",
        "fresh_until",
        "lane",
        "principal",
        "tallied_in",
        "tallies",
        "target",
    )

    def __init__(self, principal: Principal, target: Target, fresh_until: float) -> None:
        self.principal = principal
        self.target = target
        self.fresh_until = fresh_until
        self.lane: Lane | None = None
        self.bucket: Bucket | None = None
        self.command_seconds = 0.0
        self.tallies: dict[TalliedAs, Tally] = {}
        self.tallied_in: object = None


class Call:
    """One request, whole. The flow adds ``request``, what it has understood of it."""

    __slots__ = ("body", "client", "head", "on_gone", "request")

    def __init__(self, head: Head, body: bytes, client: str = "") -> None:
        self.head = head
        self.body = body
        self.client = client
        """The address it came from."""
        self.request: Request
        self.on_gone: Callable[[], object] | None
        """What a request that lasts does when its client goes; None once it has gone."""


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Make a mapping of headers whose names are in lower case already."""
    headers: dict[bytes, bytes] = {}
    for name, value in pairs:
        headers[name] = headers[name] + b"," + value if name in headers else value
    return headers

"""One request to the command API as every door hands it on. Pure."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import ClassVar, NamedTuple
from uuid import UUID

from gateway import parsing
from gateway.errors import UnknownInstance
from gateway.parsing import Form, Request
from gateway.principals import Principal, Target


class Head:
    """What is known before the body comes. Equal heads may share one.

    ``path`` and ``query`` are as they were sent, still encoded; ``headers`` have lower-case
    names, and what came several times is joined with commas.
    """

    may_be_special: ClassVar[bool] = True
    __slots__ = ("_form", "_place", "_token", "admitted", "headers", "method", "path", "query")

    def __init__(
        self, method: str, path: bytes, query: bytes, headers: Mapping[bytes, bytes]
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self._token = ""
        self._place: tuple[UUID, bytes] | None = None
        self._form: Form | None = None
        self.admitted: Admitted | None = None
        """Whom and what the flow has found for it."""

    def token(self) -> str:
        """Give the API key. Raises MissingOrInvalidToken."""
        if not self._token:
            self._token = parsing.find_token(self.headers.get(b"authorization", b""), self.query)
        return self._token

    def place(self) -> tuple[UUID, bytes]:
        """Split ``/redis/{id}/rest`` into the id and the rest with its slash.

        Raises UnknownInstance.
        """
        if self._place is None:
            parts = self.path.split(b"/", 3)
            instance_id = _instance_id(parts[2] if len(parts) > 2 else b"")
            if instance_id is None:
                raise UnknownInstance
            self._place = instance_id, b"/" + parts[3] if len(parts) > 3 else b""
        return self._place

    def form(self) -> Form:
        """Understand the request as far as that goes without its body.

        Raises RedisGateError.
        """
        if self._form is None:
            headers = self.headers
            form = parsing.form_of(self.method, self.place()[1], self.query)
            form.is_base64 = parsing.wants_base64(headers.get(b"upstash-encoding", b""))
            response_format = headers.get(b"upstash-response-format") or headers.get(
                b"upstash-reponse-format",
                b"",  # as Upstash's documentation spells it too
            )
            form.is_resp2 = parsing.wants_resp2(response_format, form)
            self._form = form
        return self._form


class Admitted(NamedTuple):
    """A key that may use an instance, as long as what is known of both is fresh."""

    principal: Principal
    target: Target
    fresh_until: float


class Call:
    """One request, whole. The flow adds ``request``, what it has understood of it."""

    __slots__ = ("body", "client", "head", "on_gone", "request")

    def __init__(self, head: Head, body: bytes, client: str = "") -> None:
        self.head = head
        self.body = body
        self.client = client
        """The address it came from."""
        self.request: Request
        self.on_gone: Callable[[], object]
        """What a request that lasts does when its client goes; others have none and go on."""


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Make a mapping of headers whose names are in lower case already."""
    headers: dict[bytes, bytes] = {}
    for name, value in pairs:
        headers[name] = headers[name] + b"," + value if name in headers else value
    return headers


# Reading an id takes longer than reading the rest of a path.
@lru_cache(maxsize=4096)
def _instance_id(text: bytes) -> UUID | None:
    try:
        return UUID(text.decode("ascii"))
    except ValueError:
        return None

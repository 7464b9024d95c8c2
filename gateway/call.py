"""One request to the command API as every door hands it on. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from gateway import parsing
from gateway.errors import UnknownInstance
from gateway.parsing import Request


@dataclass(slots=True)
class Head:
    """What is known before the body comes. Equal heads may share one.

    ``path`` and ``query`` are as they were sent, still encoded; ``headers`` have lower-case
    names, and what came several times is joined with commas.
    """

    method: str
    path: bytes
    query: bytes
    headers: Mapping[bytes, bytes]

    def token(self) -> str:
        """Give the API key. Raises MissingOrInvalidToken."""
        return parsing.find_token(self.headers.get(b"authorization", b""), self.query)

    def place(self) -> tuple[UUID, bytes]:
        """Split ``/redis/{id}/rest`` into the id and the rest with its slash.

        Raises UnknownInstance.
        """
        parts = self.path.split(b"/", 3)
        try:
            instance_id = UUID(parts[2].decode("ascii"))
        except (IndexError, ValueError):
            raise UnknownInstance from None
        return instance_id, b"/" + parts[3] if len(parts) > 3 else b""


@dataclass(slots=True)
class Call:
    """One request, whole. The flow adds ``request``, what it has understood of it."""

    head: Head
    body: bytes
    client: str = ""
    """The address it came from."""
    request: Request = field(init=False)


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Make a mapping of headers whose names are in lower case already."""
    headers: dict[bytes, bytes] = {}
    for name, value in pairs:
        headers[name] = headers[name] + b"," + value if name in headers else value
    return headers

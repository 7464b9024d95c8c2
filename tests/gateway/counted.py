"""Calls and responses as the flow brings them to the counting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from gateway.call import Call, Head
from gateway.core import Response
from gateway.counting import Counting
from gateway.errors import CommandRefused
from gateway.parsing import Kind, Request
from gateway.principals import Principal, Target
from instances.spec import Endpoint
from tests.gateway.parts import Key, Place

PATH = b"/redis/00000000-0000-4000-8000-000000000000"
OK = Response(200, b'{"result":"OK"}')
FAILED = Response(400, b'{"error":"WRONGTYPE"}')
REFUSED = Response(400, b'{"error":"ERR"}', code=CommandRefused.code)


def call(
    *commands: bytes,
    kind: Kind = Kind.SINGLE,
    body: bytes = b"12345",
    client: str = "192.0.2.1",
    headers: Mapping[str, str] | None = None,
) -> Call:
    """Make a call whose commands are given by their names."""
    pairs = {name.encode(): value.encode() for name, value in (headers or {}).items()}
    made = Call(Head("POST", PATH, b"", pairs), body, client)
    made.request = Request(kind, [[name, b"argument"] for name in commands])
    return made


@dataclass
class Desk:
    """A key, an instance that it may use, and what counts."""

    organization_id: UUID = field(default_factory=uuid4)
    counting: Counting = field(default_factory=Counting)

    def __post_init__(self) -> None:
        self.key = Key(self.organization_id)
        self.place = Place(self.organization_id, Endpoint("/s", "127.0.0.1", 0))

    def note(
        self,
        call: Call,
        response: Response = OK,
        *,
        key: Principal | None = None,
        place: Target | None = None,
        seconds: float = 0.0003,
    ) -> None:
        self.counting.note(call, key or self.key, place or self.place, response, seconds)

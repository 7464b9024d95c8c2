"""A program whose requests take the whole flow, headers and all, but no HTTP."""

from uuid import uuid4

import httpx
import orjson

from gateway import flow
from gateway.call import Call, Head
from gateway.headers import response_headers
from gateway.ledger import Ledger
from tests.gateway.known import Known
from tests.gateway.parts import Key, Place, Server
from tests.gateway.raw_http import Answer


class Caller:
    """All keys of a server, and two instances that are it, so that only their ids differ."""

    def __init__(self, server: Server, *, ledger: Ledger | None = None) -> None:
        organization_id = uuid4()
        self.place = Place(organization_id, server.endpoint)
        self.other_place = Place(organization_id, server.endpoint)
        self.keys = {
            f"{name}-token": Key(organization_id, f"rg_{name}", f"{name}-token")
            for name in ("writer", "reader", "operator", "narrow", "peek", "single")
        }
        places = (self.place, self.other_place)
        self.runtime = Known(self.keys, {place.instance_id: place for place in places}).runtime()
        if ledger is not None:
            self.runtime.ledger = ledger

    async def post(
        self,
        body: object,
        path: str = "",
        *,
        method: str = "POST",
        key: str = "writer-token",
        place: Place | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a body, JSON unless it is bytes."""
        named = {"Authorization": f"Bearer {key}", **(headers or {})}
        raw = {name.lower().encode(): value.encode() for name, value in named.items()}
        rest, _, query = path.encode().partition(b"?")
        whole_path = f"/redis/{(place or self.place).instance_id}".encode() + rest
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        call = Call(Head(method, whole_path, query, raw), content)
        response = await flow.respond(call, self.runtime)
        made = httpx.Headers(response_headers(response, raw))
        return Answer(response.status, made, response.body)

    async def run(self, *words: str, **rest: object) -> object:
        """Run one command and give its result."""
        answer = await self.post(list(words), **rest)  # type: ignore[arg-type]
        assert answer.status == 200, answer
        return orjson.loads(answer.body)["result"]

    async def close(self) -> None:
        await self.runtime.close()

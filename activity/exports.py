"""The filtered log as a file, written while it is read: no export is too long for the memory."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse

from activity import reading
from audit.models import AuditEvent
from redisgate.lib.spreadsheets import cell

AT_ONCE = 1000
COLUMNS = (
    "sequence", "id", "at", "actor_id", "actor_label", "means", "address", "request_id", "action",
    "object_type", "object_id", "object_label", "changes", "hash",
)  # fmt: skip
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}
"""Formats by the name that asks for them."""

Events = Iterator[list[AuditEvent]]


def response(
    request: HttpRequest, organization_id: UUID, slug: str, wanted: Mapping[str, Any], kind: str
) -> StreamingHttpResponse:
    """Stream what is filtered, newest first."""
    portions = WRITERS[kind](_portions(organization_id, wanted))
    # Each kind of server takes one kind of iterator, and collects the other one first.
    is_async = isinstance(request, ASGIRequest)
    return StreamingHttpResponse(
        _in_turn(portions) if is_async else portions,
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="audit-{slug}.{kind}"'},
    )


def flat(event: AuditEvent) -> dict[str, Any]:
    """Give an event as plain JSON values under the names of its columns."""
    values = {name: getattr(event, name) for name in COLUMNS}
    for name in ("id", "actor_id", "object_id"):
        values[name] = None if values[name] is None else str(values[name])
    return {**values, "at": event.at.isoformat().replace("+00:00", "Z")}


def _portions(organization_id: UUID, wanted: Mapping[str, Any]) -> Events:
    after = None
    while True:
        page = reading.page(organization_id, wanted, after, size=AT_ONCE)
        yield page.events
        if page.older is None:
            return
        after = page.older


def _csv(portions: Events) -> Iterator[bytes]:
    yield _rows([COLUMNS])
    for events in portions:
        yield _rows([cell(_text(value)) for value in flat(event).values()] for event in events)


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _rows(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _json(portions: Events) -> Iterator[bytes]:
    opening = separator = "[\n"
    for events in portions:
        written = ",\n".join(json.dumps(flat(each), ensure_ascii=False) for each in events)
        yield f"{separator}{written}".encode() if events else b""
        separator = ",\n" if events else separator
    yield b"[]\n" if separator is opening else b"\n]\n"


def _ndjson(portions: Events) -> Iterator[bytes]:
    for events in portions:
        yield "".join(f"{json.dumps(flat(each), ensure_ascii=False)}\n" for each in events).encode()


WRITERS: dict[str, Callable[[Events], Iterator[bytes]]] = {
    "csv": _csv,
    "json": _json,
    "ndjson": _ndjson,
}


async def _in_turn(portions: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read each portion in the request's own thread, where its database connection is."""

    def read() -> bytes | None:
        portion = next(portions, None)
        close_old_connections()  # whoever reads slowly keeps none meanwhile
        return portion

    step = sync_to_async(read, thread_sensitive=True)
    while (portion := await step()) is not None:
        yield portion

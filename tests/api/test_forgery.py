"""What other sites and greedy programs try: somebody else's name, and fields that aren't theirs."""

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.apps import apps
from django.test import Client

from redisgate.asgi import application
from redisgate.openapi.description import description
from tests import clients
from tests.access.conftest import World, objects_of
from tests.access.matrix import Row, send
from tests.access.test_matrix import ROWS
from tests.conftest import Cast

UNSAFE = [row for row in ROWS if row.method != "GET"]
ORIGINS = (
    "http://evil.example",
    "https://testserver",
    "http://testserver.evil.example",
    "http://testserver:8001",
    "http://evil.testserver@evil.example",
    "null",
    "",
    "file://",
)
ROOMS = ("accounts", "orgs", "managementkeys", "quotas", "instances", "apikeys")
HOSTILE = "hostile-7f3a"


@pytest.fixture
def world(cast: Cast) -> World:
    mine = objects_of(cast.acme, "cache", cast.owner)
    return World(cast, mine=mine, foreign={}, unknown={})


def test_no_other_site_changes_anything_in_a_sessions_name(world: World) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(world.cast.owner)
    passed = [
        str(row)
        for row in UNSAFE
        if not is_open(row) and send(visitor, row, world.mine).status_code != 403
    ]
    assert not passed


def is_open(row: Row) -> bool:
    """Tell what looks at no cookie, because nobody needs to be known there."""
    asks = len(set(row.statuses.split())) > 1
    return row.path.startswith("/auth/") and not (asks and row.expected("anonymous") == 401)


@pytest.mark.django_db  # Channels looks after a connection that an earlier test has left
@pytest.mark.parametrize("origin", ORIGINS)
async def test_no_other_site_opens_a_socket(origin: str) -> None:
    path = "/ws/orgs/00000000-0000-4000-8000-000000000000/"
    headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
    scope = {"type": "websocket", "scheme": "ws", "path": path, "headers": headers}
    socket: Any = ApplicationCommunicator(application, {**scope, "query_string": b""})  # type: ignore[no-untyped-call]
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(5)
    assert answer["type"] == "websocket.close"


def columns() -> set[str]:
    """Give the names of all columns of the rooms whose objects the API speaks of."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {field.attname for model in models for field in model._meta.concrete_fields}


def accepted(row: Row) -> set[str]:
    """Give the fields that an operation is said to take."""
    for path, item in description()["paths"].items():
        if path == row.path and row.method.lower() in item:
            body = item[row.method.lower()].get("requestBody", {}).get("content", {})
            schema = body.get("application/json", {}).get("schema", {})
            return fields_of(schema)
    return set()


def fields_of(schema: dict[str, Any]) -> set[str]:
    schemas = description()["components"]["schemas"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    parts = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, ())]
    return set(schema.get("properties", {})).union(*map(fields_of, parts))


def test_no_column_can_be_set_that_the_description_does_not_name(world: World) -> None:
    program = clients.program(world.cast.owner)
    for row in [row for row in UNSAFE if row.is_api and row.body]:
        greedy = dict.fromkeys(columns() - accepted(row), HOSTILE)
        wish = Row(row.method, row.path, row.statuses, {**greedy, **row.body})
        answer = send(program, wish, world.mine)
        assert answer.status_code < 500, row
    assert not everything_with(HOSTILE)


def everything_with(text: str) -> list[str]:
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    rows = [row for model in models for row in model._base_manager.values()]
    return [str(row) for row in rows if text in str(row)]

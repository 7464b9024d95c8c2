"""Every URL, every operation, every role, every door: one table, in rows_<room>.py."""

import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from rest_framework.views import APIView

import tests.access
from accounts.models import User
from tests.access.conftest import World
from tests.access.matrix import PEOPLE, Row, client_of, send

EXEMPT = {
    "accounts/": "django-allauth's own pages, open to visitors by nature: tests/front",
    "admin/": "Django's admin, for operators alone, which no role of an organization is",
    "^redis": "knows API keys and no people: tests/gateway, tests/apikeys",
}

ROWS: list[Row] = [
    row
    for module in pkgutil.iter_modules(tests.access.__path__)
    if module.name.startswith("rows_")
    for row in importlib.import_module(f"tests.access.{module.name}").ROWS
]
CSRF_TOKEN = re.compile(
    rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=name="csrf-token" content=")[^"]+'
)


def person(world: World, name: str) -> User | None:
    return None if name == "anonymous" else getattr(world.cast, name)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens, so that the next finds the same world: making it takes longest."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_person_gets_their_answer_at_each_door(world: World, row: Row) -> None:
    for door, name in itertools.product(row.doors, PEOPLE):
        with undone():
            response = send(client_of(person(world, name), door), row, world.mine)
            status = response.status_code
            assert status == row.expected(name, door), f"{name} by {door}: {response.content}"


@pytest.mark.parametrize("row", [row for row in ROWS if not row.is_api], ids=str)
def test_access_token_opens_no_page(world: World, row: Row) -> None:
    response = send(client_of(world.cast.owner, "bearer"), row, world.mine)
    assert response.status_code == row.expected("anonymous")


@pytest.mark.parametrize("row", [row for row in ROWS if "{" in row.path], ids=str)
def test_foreign_object_answers_like_one_that_never_was(world: World, row: Row) -> None:
    client = client_of(world.cast.owner, "session")
    for name in re.findall(r"\{(\w+)\}", row.path):
        with undone():
            foreign = send(client, row, {**world.mine, name: world.foreign[name]})
            unknown = send(client, row, {**world.mine, name: world.unknown[name]})
            assert foreign.status_code == unknown.status_code == 404, name
            assert seen(foreign) == seen(unknown), name


def seen(response: Any) -> tuple[dict[str, str], bytes]:
    """Return all that a client sees of a response, but for the form token that always differs."""
    return dict(response.headers), CSRF_TOKEN.sub(b"", response.content)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, route)
        else:
            yield route, each


def operations() -> set[tuple[str, str]]:
    """Collect (method, route) of each operation; of plain views we only know that they are."""
    found: set[tuple[str, str]] = set()
    for route, pattern in patterns(get_resolver()):
        if route.startswith(tuple(EXEMPT)) or (route.endswith("/") and route[:-1] in routes()):
            continue
        view = getattr(pattern.callback, "cls", None)
        if view is not None and issubclass(view, APIView):
            names = ("get", "post", "put", "patch", "delete")
            found |= {(name.upper(), route) for name in names if hasattr(view, name)}
        else:
            found.add(("ANY", route))
    return found


def routes() -> set[str]:
    return {route for route, _ in patterns(get_resolver())}


def test_every_operation_has_a_row() -> None:
    known: set[tuple[str, str]] = set()
    sample = {
        "org": 1,
        "instance": 2,
        "key": 3,
        "member": 4,
        "invitation": 5,
        "token": 6,
        "event": 7,
        "domain": 8,
        "management_key": 9,
    }
    ids = {name: f"00000000-0000-0000-0000-{number:012}" for name, number in sample.items()}
    words = {"org_slug": "acme", "instance_slug": "cache"}
    for row in ROWS:
        route = resolve(row.path.format_map({**ids, **words})).route
        known |= {(row.method, route), ("ANY", route)}
    missing = sorted(" ".join(each) for each in operations() - known)
    assert not missing, f"give these a row in tests/access/rows_<room>.py: {missing}"

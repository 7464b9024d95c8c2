"""What greedy programs and forms try: columns that aren't theirs to set."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db.models import BooleanField, Field, Model

from quotas.models import Plan
from redisgate.openapi.description import description
from tests import clients
from tests.access.conftest import objects_of
from tests.access.matrix import Row, client_of, send
from tests.access.test_matrix import ROWS, undone
from tests.conftest import Cast
from tests.rows import add_adopted

ROOMS = ("accounts", "orgs", "managementkeys", "quotas", "sso", "instances", "apikeys")
OPEN = ("/auth/register", "/auth/login", "/auth/refresh", "/auth/logout")
"""Whoever isn't known yet may send more than is read, as sign-up forms of others do."""
ASKED = {"expiry_warnings"}


@pytest.fixture
def objects(cast: Cast) -> dict[str, str]:
    """What Acme has, whose owner operates the platform."""
    cast.owner.is_staff = cast.owner.is_superuser = True
    cast.owner.save()
    return {
        **objects_of(cast.acme, "cache", cast.owner),
        "plan": str(Plan.objects.create(name="Large").pk),
    }


def models() -> list[type[Model]]:
    """Give the models of the rooms whose objects the API speaks of."""
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def columns() -> set[str]:
    return {field.attname for model in models() for field in model._meta.concrete_fields}


def bodies() -> Iterator[tuple[str, str, set[str]]]:
    """Give method and path of each operation that reads a body, with the fields it names."""
    for path, item in description()["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if content and path.startswith(("/api/", "/auth/")):
                yield method.upper(), path, fields_of(content["application/json"]["schema"])


def fields_of(schema: dict[str, Any]) -> set[str]:
    schemas = description()["components"]["schemas"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    parts = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, ())]
    return set(schema.get("properties", {})).union(*map(fields_of, parts))


def yes_or_no(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, BooleanField)]


def flags() -> dict[str, list[Any]]:
    """Give every yes and no that the database holds, row by row."""
    found = {model: [field.attname for field in yes_or_no(model)] for model in models()}
    return {
        model.__name__: sorted(model._base_manager.values_list(*names), key=str)
        for model, names in found.items()
        if names
    }


def test_no_column_can_be_set_that_the_description_does_not_name(
    cast: Cast, objects: dict[str, str]
) -> None:
    program = clients.program(cast.owner)
    adopted = str(add_adopted(cast.acme, "Adopted").pk)
    for method, path, named in bodies():
        if path in OPEN:
            continue
        there = {**objects, "instance": adopted} if path.endswith("/address") else objects
        greedy = columns() - named
        wish = Row(method, path, "", dict.fromkeys(greedy, True))
        answer = send(program, wish, there)
        assert answer.status_code == 400, (path, answer.content)
        assert greedy <= set(answer.json()["errors"]), path


def test_no_yes_or_no_comes_in_with_something_else(cast: Cast, objects: dict[str, str]) -> None:
    for honest in [row for row in ROWS if row.method == "POST" and reads_more(row)]:
        expected = flags_after(honest, cast, objects)
        for value in (True, False):
            wish = replace(honest, body={**dict.fromkeys(decisions(), value), **honest.body})
            assert flags_after(wish, cast, objects) == expected, (honest, value)


def reads_more(row: Row) -> bool:
    """Tell what doesn't refuse fields that it doesn't know."""
    return not row.is_api or row.path in OPEN


def decisions() -> set[str]:
    """Give the names of all yes-or-no columns but those that a form asks for."""
    return {field.attname for model in models() for field in yes_or_no(model)} - ASKED


def flags_after(row: Row, cast: Cast, objects: dict[str, str]) -> dict[str, list[Any]]:
    with undone():
        send(client_of(cast.owner, "session"), row, objects)
        return flags()

"""The description of the APIs says all of every operation, and nothing that isn't so."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drf_spectacular.validation
import jsonschema_rs
import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

import gateway.conflicts
import gateway.errors
from redisgate.lib.errors import RedisGateError
from redisgate.openapi.description import description, written

RULES = Path(drf_spectacular.validation.__file__).with_name("openapi_3_1_schema.json")
METHODS = {"get", "post", "put", "patch", "delete"}
VIEWS = {each[0]: each[3] for each in EndpointEnumerator().get_api_endpoints()}  # type: ignore[no-untyped-call]


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in description()["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def media_of(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        yield from body.get("content", {}).values()


def test_views_are_described_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    reset_generator_stats()
    SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    assert not GENERATOR_STATS, capsys.readouterr().err


def test_description_is_valid_openapi_31() -> None:
    assert description()["openapi"] == "3.1.0"
    rules = jsonschema_rs.validator_for(json.loads(RULES.read_text()))
    errors = rules.iter_errors(json.loads(written("json")))
    assert not [each.message for each in errors]


def test_every_operation_says_what_it_does() -> None:
    silent = [name for name, each in operations() if not (each.get("summary") and each["tags"])]
    assert not silent, f"give the methods of these views a docstring: {silent}"


def test_every_operation_says_how_it_answers_and_how_it_refuses() -> None:
    for name, operation in operations():
        kinds = {status[0] for status in operation["responses"]}
        assert {"2", "4"} <= kinds, name


def test_every_body_has_an_example_that_its_schema_allows() -> None:
    components = description()["components"]
    for name, operation in operations():
        for media in media_of(operation):
            assert "example" in media or "examples" in media, name
            example = media["example"] if "example" in media else _first(media["examples"])
            whole = {**media["schema"], "components": components}
            errors = jsonschema_rs.Draft202012Validator(whole).iter_errors(example)
            assert not [each.message for each in errors], name


def _first(examples: dict[str, Any]) -> Any:
    return next(iter(examples.values()))["value"]


def test_what_is_sent_and_answered_has_a_described_form() -> None:
    free = [name for name, each in operations() if any(_is_free(m) for m in media_of(each))]
    assert not free, f"name the serializers of these with extend_schema: {free}"


def test_calls_without_a_body_are_those_that_read_none() -> None:
    silent = {
        name
        for name, each in operations()
        if name.startswith(("POST", "PUT", "PATCH")) and "requestBody" not in each
    }
    reading = {name for name in silent if _reads_data(name)}
    assert not reading, f"describe with extend_schema(request=…) what these read: {reading}"


def _reads_data(name: str) -> bool:
    method, path = name.split(" ", 1)
    view = VIEWS[path].cls
    return "request.data" in inspect.getsource(getattr(view, method.lower()))


def _is_free(media: dict[str, Any]) -> bool:
    schema = media["schema"]
    return not schema or (schema.get("type") == "object" and not schema.get("properties"))


def test_every_refusal_of_the_command_api_is_described() -> None:
    modules = (gateway.errors, gateway.conflicts)
    made = [each for module in modules for each in vars(module).values() if inspect.isclass(each)]
    statuses = {str(int(each.status)) for each in made if issubclass(each, RedisGateError)}
    described = set(description()["paths"]["/redis/{instance}"]["post"]["responses"])
    assert statuses - {"405", "500"} <= described


def test_names_of_operations_are_unique() -> None:
    names = [each["operationId"] for _, each in operations()]
    assert len(names) == len(set(names))


def test_all_credentials_are_explained() -> None:
    schemes = description()["components"]["securitySchemes"]
    assert {"accessToken", "cookieAuth", "apiKey"} <= set(schemes)


def test_description_comes_as_json_and_as_yaml(client: Client) -> None:
    as_json = client.get("/api/schema")
    as_yaml = client.get("/api/schema", headers={"Accept": "application/yaml"})
    assert as_json["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert as_yaml["Content-Type"].startswith("application/vnd.oai.openapi;")
    assert as_json.json() == description()
    loaded = yaml.load(as_yaml.content, yaml.CSafeLoader)
    assert loaded["paths"].keys() == description()["paths"].keys()


def test_shortest_address_says_where_everything_is(client: Client) -> None:
    for address in ("/api", "/api/"):
        places = client.get(address).json()
        assert places["schema"] == "http://testserver/api/schema"
        assert places["docs"] == "http://testserver/api/docs"
        assert places["organizations"] == "http://testserver/api/organizations"


def test_description_names_no_file_of_the_repository() -> None:
    assert "docs/how-to" not in str(description())
    assert ".md" not in str(description())

"""Every operation, with whatever its description allows and more: no 5xx, and no surprise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from wsgiref.types import StartResponse

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import strategies as st
from pytest_django import Settings

from accounts import access_tokens
from instances import dialing_pace
from quotas.models import Plan
from tests import somebody_elses
from tests.access.conftest import objects_of
from tests.api import fuzzing
from tests.conftest import Cast
from tests.rows import add_adopted
from tests.somebody_elses import HERE, PASSWORD, Theirs

PLACES = ("url", "issuer", "metadata_url")
"""Fields that say where to connect to. What they hold is chosen here: no request may leave."""
NOWHERE = (
    "redis://127.0.0.1:1",
    "rediss://127.0.0.1:1/0",
    "redis://169.254.169.254:6379",
    "redis://10.0.0.7:99999",
    "https://127.0.0.1:1/",
    "http://10.0.0.7/",
    "redis:",
)
Objects = Mapping[str, str]


def served(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Serve as a server does, which knows where a request comes from."""
    answer: Iterable[bytes] = WSGIHandler()({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)
    return answer


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Keep the test's own connection, which Django would close after each request."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def theirs(settings: Settings) -> Iterator[Theirs]:
    settings.EXTERNAL_NETWORKS = HERE.networks
    with somebody_elses.running() as server:
        yield server


@pytest.fixture
def objects(cast: Cast, theirs: Theirs) -> Objects:
    """One object of each kind, by the name that paths and bodies give it."""
    mine = objects_of(cast.acme, "cache", cast.owner)
    place = {"port": theirs.port, "user": "boss", "password": PASSWORD}
    return {
        **mine,
        "family": mine["token"],
        "operation": f"{mine['instance']}-start-0",
        "plan": str(Plan.objects.create(name="Large").pk),
        "client": "7",
        "adopted": str(add_adopted(cast.acme, "Adopted", **place).pk),
    }


@pytest.mark.usefixtures("kept_connection")
def test_no_request_breaks_anything(cast: Cast, theirs: Theirs, objects: Objects) -> None:
    cast.owner.is_staff = cast.owner.is_superuser = True  # else all that operators do is refused
    cast.owner.save()
    headers = {
        "Authorization": f"Bearer {access_tokens.issue(cast.owner)}",
        "Accept-Encoding": "identity",  # a server in this process is asked by nobody who unpacks
    }
    places = (theirs.url("boss"), theirs.url("worker"), theirs.url("nobody"), *NOWHERE)
    schema = schemathesis.openapi.from_wsgi("/api/schema", served)
    failures: list[str] = []
    for operation in fuzzing.operations(schema.exclude(path_regex="^/redis")):
        failures += probe(operation, objects, places, headers)
    assert not failures, "\n\n".join(failures)


def probe(
    operation: Any, objects: Objects, places: Sequence[str], headers: dict[str, str]
) -> list[str]:
    """Send some requests, each to objects that are there as often as to others."""
    there = dict(objects)
    if operation.path.endswith("/address"):
        there["instance"] = there["adopted"]
    example = example_of(operation, there)

    def send(case: Any, is_there: bool, kept: int, place: str) -> None:
        aim(case, there if is_there else {"org": there["org"]})
        case.body = mixed(case.body, example, kept)
        lead(case.body, place)
        case.query.pop("fields", None)  # with it an answer is a part of what is described
        dialing_pace.forget()
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=fuzzing.CHECKS)
            transaction.set_rollback(True)

    return fuzzing.failures(
        operation,
        send,
        is_there=st.booleans(),
        kept=st.integers(0, 9),
        place=st.sampled_from(places),
    )


def example_of(operation: Any, objects: Objects) -> dict[str, Any]:
    """Give the body that the description shows, with ids of what is there."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    example = content.get("application/json", {}).get("example", {})
    known: dict[str, Any] = {name: objects[name] for name in example if name in objects}
    if isinstance(example.get("instances"), list):
        known["instances"] = [objects["instance"]]
    return {**example, **known}


def aim(case: Any, objects: Objects) -> None:
    """Name these objects in the path, where it names any of their kinds."""
    if case.path_parameters:
        known = {name: objects[name] for name in case.path_parameters if name in objects}
        case.path_parameters = {**case.path_parameters, **known}


def mixed(body: Any, example: dict[str, Any], kept: int) -> Any:
    """Put one made-up field into the example, as often as not; by chance gets far seldom."""
    if not example or not isinstance(body, dict) or kept < 3:
        return body
    names = sorted(body)[kept - 3 :][:1]
    return {**example, **{name: body[name] for name in names}}


def lead(body: Any, place: str) -> None:
    if isinstance(body, dict):
        body.update({name: place for name in PLACES if isinstance(body.get(name), str)})

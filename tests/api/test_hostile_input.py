"""Every operation, with whatever its description allows and more: no 5xx, and no surprise.

`API_FUZZ_EXAMPLES` says how many requests each operation gets; 200 and more take minutes.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts import access_tokens
from tests.access.conftest import objects_of
from tests.conftest import Cast

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "2"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
FAR = {"instances_check_server", "instances_address_replace"}
"""These connect to what they are told to."""


def described() -> Any:
    schema = schemathesis.openapi.from_wsgi("/api/schema", WSGIHandler())
    return schema.exclude(path_regex="^/redis").exclude(operation_id=sorted(FAR))


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Keep the test's own connection, which Django would close after each request."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
def test_no_request_that_fits_the_description_breaks_anything(cast: Cast) -> None:
    objects = objects_of(cast.acme, "cache", cast.owner)
    token = access_tokens.issue(cast.owner)
    failures: list[str] = []
    for found in described().get_all_operations():
        operation = found.ok()
        try:
            probe(operation, objects, {"Authorization": f"Bearer {token}"})
        except FailureGroup as found_wrong:
            failures += [f"{operation.label}: {each}" for each in found_wrong.exceptions]
    assert not failures, "\n\n".join(failures)


def probe(operation: Any, objects: dict[str, str], headers: dict[str, str]) -> None:
    """Send some requests, each to objects that are there as often as to others."""

    @given(case=operation.as_strategy(), is_there=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, is_there: bool) -> None:
        known = {name: objects[name] for name in case.path_parameters or {} if name in objects}
        if is_there:
            case.path_parameters = {**case.path_parameters, **known}
        elif "org" in known:
            case.path_parameters = {**case.path_parameters, "org": known["org"]}
        case.query.pop("fields", None)  # with it an answer is a part of what is described
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    send()

"""Requests made up from the description: such as it allows, and such as it doesn't.

`API_FUZZ_EXAMPLES` says how many of each kind an operation gets; 200 and more take minutes.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "2"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def operations(schema: Any) -> Iterator[Any]:
    """Give everything that the description describes."""
    for found in schema.get_all_operations():
        yield found.ok()


def failures(operation: Any, send: Callable[..., None], **drawn: SearchStrategy[Any]) -> list[str]:
    """Send made-up cases of an operation, and say what was wrong with the answers."""
    wrong: list[str] = []
    for mode in GenerationMode:
        try:
            _sending(operation.as_strategy(mode), send, drawn)()
        except FailureGroup as found:
            wrong += [f"{operation.label}, {mode.value}: {each}" for each in found.exceptions]
    return wrong


def _sending(
    cases: SearchStrategy[Any],
    send: Callable[..., None],
    drawn: dict[str, SearchStrategy[Any]],
) -> Callable[[], None]:
    @given(case=cases, **drawn)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def run(**values: Any) -> None:
        send(**values)

    return run

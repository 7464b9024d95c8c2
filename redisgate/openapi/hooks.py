"""What is done to the schema before and after drf-spectacular has read the views."""

from collections.abc import Callable, Iterable
from typing import Any

from redisgate.middleware.api_paths import API_ROOTS
from redisgate.openapi import command_api, examples, parameters, problems
from redisgate.openapi.security import API_KEY

Endpoint = tuple[str, str, str, Callable[..., Any]]
METHODS = ("get", "post", "put", "patch", "delete")
UNDESCRIBED = ("/redis", "/api/schema", "/api/docs")
"""The command API is described by hand, and this description doesn't describe itself."""


def only_apis(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Leave out what isn't an API for programs to manage with."""
    return [
        each
        for each in endpoints
        if each[0].startswith(API_ROOTS) and not each[0].startswith(UNDESCRIBED)
    ]


def complete(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Add what is the same for all: refusals, headers, examples; then the command API."""
    components = result["components"]
    components["schemas"]["Problem"] = problems.SCHEMA
    components["securitySchemes"]["apiKey"] = API_KEY
    for path, item in result["paths"].items():
        for method in METHODS:
            if method in item:
                is_versioned = "get" in item
                _complete(item[method], path, method, components["schemas"], is_versioned)
    result["paths"].update(command_api.paths())
    components["schemas"].update(command_api.SCHEMAS)
    return result


def _complete(
    operation: dict[str, Any],
    path: str,
    method: str,
    schemas: dict[str, Any],
    is_versioned: bool,
) -> None:
    is_management = path.startswith("/api/") or operation.get("security")
    if is_management:
        parameters.add(operation, path, method, is_versioned=is_versioned)
    examples.add(operation.get("requestBody", {}).get("content", {}), schemas)
    for answer in operation["responses"].values():
        examples.add(answer.get("content", {}), schemas)
    if "201" in operation["responses"] and path.startswith("/api/"):
        headers = operation["responses"]["201"].setdefault("headers", {})
        headers["Location"] = parameters.LOCATION
    problems.add(operation, path, method)

"""The reference page of the management API, made from its description so that both say the same."""

from typing import Any

from redisgate.openapi.description import description

Operation = dict[str, Any]
Call = tuple[str, str, Operation]
CALLS = ("| call | what it does | fields | answers |", "|---|---|---|---|")
OBJECTS = ("| answer | holds |", "|---|---|")
EVERYWHERE = {"fields", "limit", "cursor"}
METHODS = ("get", "post", "put", "patch", "delete")
TITLE = """# Management API

Every operation, made from the API's own description: `make references`. How to sign in, page,
repeat and change safely: [use the management API](../how-to/use-the-management-api.md). With
examples: `/api/docs`.
`{org}` is the organization's id. What the fields mean: [objects](management-objects.md).
"""


def render() -> str:
    """Write for each tag what there is to call, and what the answers are made of."""
    by_tag: dict[str, list[Call]] = {}
    for path, item in description()["paths"].items():
        for method in METHODS:
            if method in item:
                by_tag.setdefault(item[method]["tags"][0], []).append((path, method, item[method]))
    lines = [TITLE.rstrip()]
    for tag, calls in sorted(by_tag.items()):
        lines += ["", f"## {tag}", "", *CALLS, *(_row(*call) for call in calls)]
        objects = {name: None for _, _, operation in calls for name in _answered(operation)}
        if objects:
            lines += ["", *OBJECTS, *map(_object, objects)]
    return "\n".join(lines) + "\n"


def _row(path: str, method: str, operation: Operation) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = ", ".join([*_filters(operation), *_fields(content.get("schema", {}))])
    good = ", ".join(status for status in operation["responses"] if status.startswith("2"))
    answers = " ".join([good, *(f"`{name}`" for name in _answered(operation))])
    words = operation["summary"].replace("|", "\\|").replace("``", "`")
    return f"| `{method.upper()} {path}` | {words} | {fields} | {answers} |"


def _filters(operation: Operation) -> list[str]:
    """List what may stand after the question mark, but for what every list knows."""
    asked = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    return [f"`?{name}=`" for name in asked if name not in EVERYWHERE]


def _answered(operation: Operation) -> list[str]:
    """Name what a good answer is, or what a page of them holds."""
    found: dict[str, None] = {}
    for status, answer in operation["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        name = _name(schema) if status.startswith("2") else ""
        if name:
            found[name] = None
    return list(found)


def _name(schema: dict[str, Any]) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    rows = _schemas()[name].get("properties", {}).get("results", {}) if name else schema
    return _name(rows["items"]) if "items" in rows else name


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = description()["components"]["schemas"]
    return schemas


def _object(name: str) -> str:
    names = [field.replace("?", "") for field in _fields(_schemas()[name])]
    return f"| `{name}` | {', '.join(names)} |"


def _fields(schema: dict[str, Any]) -> list[str]:
    """List what a body may hold, with a question mark where it may be left out."""
    if "$ref" in schema:
        schema = _schemas()[schema["$ref"].rpartition("/")[2]]
    needed = schema.get("required", ())
    own = [f"`{name}{'' if name in needed else '?'}`" for name in schema.get("properties", {})]
    parts = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, ())]
    inner = [field for part in parts for field in _fields(part)]
    return list(dict.fromkeys([*own, *inner]))

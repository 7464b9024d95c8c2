"""The reference page of the management API, made from its description so that both say the same."""

from typing import Any

from redisgate.openapi.description import description

METHODS = ("get", "post", "put", "patch", "delete")
TITLE = """# Management API

Every operation, made from the API's own description: `manage.py api_reference >
docs/reference/management-api.md`. How to sign in, page, repeat and change safely:
[use the management API](../how-to/use-the-management-api.md). With examples: `/api/docs`.
`{org}` is the organization's id.
"""


def render() -> str:
    """Write a table for each tag: what, how, with which fields, answered by what."""
    by_tag: dict[str, list[str]] = {}
    for path, item in description()["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                by_tag.setdefault(operation["tags"][0], []).append(_row(path, method, operation))
    lines = [TITLE.rstrip()]
    for tag, rows in sorted(by_tag.items()):
        head = ["| call | what it does | fields | answers |", "|---|---|---|---|"]
        lines += ["", f"## {tag}", "", *head, *rows]
    return "\n".join(lines) + "\n"


def _row(path: str, method: str, operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = ", ".join(_fields(content.get("schema", {})))
    good = ", ".join(status for status in operation["responses"] if status.startswith("2"))
    words = operation["summary"].replace("|", "\\|").replace("``", "`")
    return f"| `{method.upper()} {path}` | {words} | {fields} | {good} |"


def _fields(schema: dict[str, Any]) -> list[str]:
    """List what a body may hold, with a question mark where it may be left out."""
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed = schema.get("required", ())
    own = [f"`{name}{'' if name in needed else '?'}`" for name in schema.get("properties", {})]
    parts = [part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, ())]
    inner = [field for part in parts for field in _fields(part)]
    return list(dict.fromkeys([*own, *inner]))

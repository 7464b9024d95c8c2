"""Names of operations, from method and address, so that they stay when code moves."""

import re

BELOW_ORGANIZATION = re.compile(r"^/api/organizations/\{org\}/")
VERBS = {"PUT": "replace", "PATCH": "update", "DELETE": "delete"}
TAGS = {
    "auth": "Accounts",
    "organizations": "Organizations",
    "instances": "Instances",
    "api-keys": "API keys",
    "management-keys": "Management keys",
    "sso": "Single sign-on",
    "quota": "Quotas and plans",
    "audit-events": "Audit",
    "members": "Members",
    "invitations": "Members",
    "leave": "Members",
    "transfer": "Members",
    "usage": "Usage",
    "usage.csv": "Usage",
    "plans": "Quotas and plans",
    "operations": "Operations",
    "schema": "Documentation",
    "redis": "Command API",
}


def operation_id(path: str, method: str, *, is_list: bool, siblings: frozenset[str]) -> str:
    """Name ``POST /api/organizations/{org}/instances/{instance}/start`` ``instances_start``."""
    words = [word.replace("-", "_") for word in _segments(path) if not word.startswith("{")]
    verb = _verb(path, method, is_list=is_list, siblings=siblings)
    return "_".join([*words, verb] if verb else words)


def tag(path: str) -> str:
    """Say under which heading an address belongs."""
    first = _segments(path)[0]
    return TAGS.get(first, first.replace("-", " ").capitalize())


def _verb(path: str, method: str, *, is_list: bool, siblings: frozenset[str]) -> str:
    if method == "GET":
        return "list" if is_list else "get"
    if method == "POST":
        is_collection = "GET" in siblings and not path.endswith("}")
        return "create" if is_collection else ""
    return VERBS[method]


def _segments(path: str) -> list[str]:
    inner = BELOW_ORGANIZATION.sub("", path)
    inner = inner.removeprefix("/api/")
    return [word for word in inner.split("/") if word]

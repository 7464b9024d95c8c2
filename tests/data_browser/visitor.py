"""A person at the data browser of one instance, through Django's test client."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from browser.quoting import to_ref
from tests.clients import browser

DATA = "/orgs/acme/instances/sessions/data/"
HTMX = {"HX-Request": "true"}
_HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


@dataclass
class Visitor:
    """Asks and answers as the page's dialogs do."""

    user: User
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = browser(self.user)

    def page(self, **query: str) -> str:
        response = self.client.get(DATA + _query(query))
        assert response.status_code == 200
        return str(response.content, "utf-8")

    def key(self, name: bytes, **query: str) -> str:
        """Read the open key as htmx gets it."""
        where = f"{DATA}key/{_query({**query, 'key': to_ref(name)})}"
        response = self.client.get(where, headers=HTMX)
        assert response.status_code == 200
        return unescape(str(response.content, "utf-8"))

    def seen(self, operation: str, name: bytes, element: bytes | None = None) -> str:
        """Open the form of an operation and give what it says it was made from."""
        response = self.client.get(_where(operation, name, element), headers=HTMX)
        assert response.status_code == 200, response.headers
        hidden = dict(_HIDDEN.findall(response.content.decode()))
        return str(hidden.get("seen", ""))

    def does(
        self,
        operation: str,
        name: bytes | None = None,
        element: bytes | None = None,
        /,
        **data: Any,
    ) -> Any:
        """Send the form of an operation, made from what is there now unless ``seen`` is given."""
        if "seen" not in data and name is not None and operation.startswith(("set", "remove")):
            data["seen"] = self.seen(operation, name, element)
        where = _where(operation, name, element)
        return self.client.post(where, data, headers=HTMX)


def toast_of(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()
    return str(response.headers["HX-Trigger"])


def events() -> list[tuple[str, dict[str, Any]]]:
    return [(each.action, each.changes) for each in AuditEvent.objects.order_by("at")][2:]


def _where(operation: str, name: bytes | None, element: bytes | None) -> str:
    query = {}
    if name is not None:
        query["key"] = to_ref(name)
    if element is not None:
        query["element"] = to_ref(element)
    return f"{DATA}do/{operation}/{_query(query)}"


def _query(query: dict[str, str]) -> str:
    return f"?{urlencode(query)}"

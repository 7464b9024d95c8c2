"""The words of the access matrix: who gets which answer where.

Each room contributes ``rows_<room>.py`` with a list ``ROWS``. A row names a method, a path and
the status that each person gets, in the order of `PEOPLE`.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from rest_framework.test import APIClient

from accounts import access_tokens, vouchers
from accounts.models import User
from tests.access.management_keys import token_of

PEOPLE = ("owner", "admin", "developer", "viewer", "outsider", "anonymous")

PERSONAL = ("/auth/", "/api/invitations/", "/api/organizations/{org}/management-keys")
PERSONAL_OPERATIONS = {"POST /api/organizations", "POST /api/organizations/{org}/leave"}
"""Where management keys are refused, whatever their role."""

Door = Literal["session", "bearer", "key"]


@dataclass(frozen=True, slots=True)
class Row:
    """One operation. ``{org}`` and the like in ``path`` are keys of the world's objects."""

    method: str
    path: str
    statuses: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_api(self) -> bool:
        return self.path.startswith(("/api/", "/auth/"))

    @property
    def doors(self) -> tuple[Door, ...]:
        """Pages know sessions alone; the API knows access tokens and management keys, too."""
        return ("session", "bearer", "key") if self.is_api else ("session",)

    def expected(self, person: str, door: Door = "session") -> int:
        """Give the person's status. A key in their name gets the same, unless only people may."""
        status = int(self.statuses.split()[PEOPLE.index(person)])
        is_refused = door == "key" and person != "anonymous" and self.is_for_people
        return 403 if is_refused else status

    @property
    def is_for_people(self) -> bool:
        """Tell whether somebody has to come themselves; who isn't asked who they are may be any."""
        is_personal = self.path.startswith(PERSONAL) or str(self) in PERSONAL_OPERATIONS
        asks = len(set(self.statuses.split())) > 1
        return is_personal and asks and self.expected("anonymous") == 401

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def row(method: str, path: str, statuses: str, **body: Any) -> Row:
    assert len(statuses.split()) == len(PEOPLE), f"{method} {path} needs a status for each person"
    return Row(method, path, statuses, body)


def client_of(user: User | None, door: Door) -> Client:
    """Open the platform as somebody; None is a visitor."""
    client = Client() if door == "session" else APIClient()
    client.defaults["HTTP_X_REQUEST_ID"] = "matrix"  # echoed, so that equal answers are equal
    if user is not None and door != "session":
        token = token_of(user) if door == "key" else access_tokens.issue(user)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    elif user is not None:
        client.force_login(user)
    return client


def send(client: Client, row: Row, objects: Mapping[str, str]) -> Any:
    """Do what the row says with these objects, and return the response."""
    path = row.path.format_map(objects)
    if row.is_api:
        _prove(client)
        body = json.dumps(dict(row.body)) if row.body else ""
        return client.generic(row.method, path, body, content_type="application/json")
    method = getattr(client, row.method.lower())
    return method(path, dict(row.body))


def _prove(client: Client) -> None:
    """Let whoever sits at a browser have given their password just now."""
    if settings.SESSION_COOKIE_NAME not in client.cookies:
        return
    session = client.session
    if SESSION_KEY in session:
        given = {"method": "password", "at": time.time(), "reauthenticated": True}
        session[vouchers.RECORDS_KEY] = [given]
        session[vouchers.OWNER_KEY] = session[SESSION_KEY]
        session.save()

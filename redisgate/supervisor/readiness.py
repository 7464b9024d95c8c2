"""Ask the running platform, over HTTP at this machine's own address."""

import http.client
import json
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

TIMEOUT_SECONDS = 2.0
READY = "/health/ready"

Answer = tuple[int, bytes]
"""Status and body."""


def is_ready() -> bool:
    """Tell whether it serves."""
    return _body(_ask("GET", READY)) is not None


def complaint() -> str:
    """Give why it runs and doesn't serve; empty where nobody answers, or it has no word for it."""
    answer = _ask("GET", READY)
    try:
        return str(json.loads(answer[1]).get("detail", "")) if answer else ""
    except (ValueError, AttributeError):  # somebody else's answer
        return ""


def answers_ping(instance_id: UUID, token: str) -> bool:
    """Tell whether the instance answers PING with this API key."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = _body(_ask("POST", f"/redis/{instance_id}", body='["PING"]', headers=headers))
    return answer is not None and json.loads(answer) == {"result": "PONG"}


def _body(answer: Answer | None) -> bytes | None:
    return answer[1] if answer and answer[0] == http.client.OK else None


def _ask(
    method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
) -> Answer | None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=TIMEOUT_SECONDS)
    name = urlsplit(settings.PUBLIC_URL).netloc
    try:
        connection.request(method, path, body, {"Host": name, **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

"""Ask the running platform, over HTTP at this machine's own address."""

import http.client
import json
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

TIMEOUT_SECONDS = 2.0


def is_ready() -> bool:
    """Tell whether it serves."""
    return _ask("GET", "/health/ready") is not None


def answers_ping(instance_id: UUID, token: str) -> bool:
    """Tell whether the instance answers PING with this API key."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = _ask("POST", f"/redis/{instance_id}", body='["PING"]', headers=headers)
    return answer is not None and json.loads(answer) == {"result": "PONG"}


def _ask(
    method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None
) -> bytes | None:
    """Return the body of a 200, or None for everything else."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=TIMEOUT_SECONDS)
    name = urlsplit(settings.PUBLIC_URL).netloc
    try:
        connection.request(method, path, body, {"Host": name, **(headers or {})})
        response = connection.getresponse()
        answer = response.read()
        return answer if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

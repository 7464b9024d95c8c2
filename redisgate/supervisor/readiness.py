"""Ask the platform whether it serves."""

import http.client
from urllib.parse import urlsplit

from django.conf import settings


def is_ready(timeout_seconds: float = 1.0) -> bool:
    """Ask /health/ready at this machine's own address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=timeout_seconds)
    try:
        name = urlsplit(settings.PUBLIC_URL).netloc
        connection.request("GET", "/health/ready", headers={"Host": name})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""How requests are counted that nobody else counts: by method, route and status."""

from observability import metrics
from observability.methods import label_of

UNKNOWN = "unknown"


def count(method: str | None, path: str, status: int) -> None:
    """Count one answer; the method as it was sent, or None where nobody knows it."""
    labels = (label_of(method), path, str(status))
    metrics.HTTP_REQUESTS.labels(*labels).inc()
    if status >= 500:
        metrics.HTTP_ERRORS.labels(*labels).inc()

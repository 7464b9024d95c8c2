"""The methods that metrics tell apart. Nothing here imports prometheus_client."""

KNOWN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"


def label_of(method: str | None) -> str:
    """Name a method as it was sent, out of a set that clients can't extend."""
    return method if method in KNOWN else OTHER

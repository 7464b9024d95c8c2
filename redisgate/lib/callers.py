"""Who calls the management API, as a name that stays when their token changes."""

from rest_framework.request import Request


def caller_of(request: Request) -> str:
    """Name a person, or the key in whose name a program calls (``request.auth.caller``)."""
    by_key: str | None = getattr(request.auth, "caller", None)
    return by_key or f"user:{request.user.pk}"

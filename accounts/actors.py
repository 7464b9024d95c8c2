"""The actor behind a request."""

from django.http import HttpRequest

from accounts.models import User
from audit.actors import Actor, Means


def actor_of(request: HttpRequest, means: Means) -> Actor:
    """Name the signed-in person behind a request. The view has made sure that there is one."""
    assert isinstance(request.user, User)
    return Actor(
        user_id=request.user.id,
        label=request.user.email,
        means=means,
        address=request.META.get("REMOTE_ADDR") or None,
    )

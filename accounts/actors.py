"""The actor behind a request."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from audit.actors import Actor, Means


def person(request: HttpRequest | Request) -> User:
    """Return the signed-in person. The view has made sure that there is one."""
    assert isinstance(request.user, User)
    return request.user


def actor_of(request: HttpRequest | Request, means: Means) -> Actor:
    """Name the signed-in person behind a request."""
    user = person(request)
    return Actor(
        user_id=user.id,
        label=user.email,
        means=means,
        address=request.META.get("REMOTE_ADDR") or None,
    )

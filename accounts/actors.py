"""The actor behind a request."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts import vouchers
from accounts.models import User
from audit.actors import Actor, Means


def person(request: HttpRequest | Request) -> User:
    """Return the signed-in person. The view has made sure that there is one."""
    user = request.user
    assert isinstance(user, User)
    # A token says who somebody is, and the cookie beside it may be of somebody else.
    if getattr(request, "auth", None) is None:
        user.vouchers = vouchers.of(request.session, user)
    return user


def actor_of(request: HttpRequest | Request, means: Means) -> Actor:
    """Name the signed-in person behind a request."""
    user = person(request)
    return Actor(
        user_id=user.id,
        label=user.email,
        means=means,
        address=request.META.get("REMOTE_ADDR") or None,
    )

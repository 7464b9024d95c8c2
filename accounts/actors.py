"""The actor behind a request."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts import vouchers
from accounts.models import User
from audit.actors import Actor, Means

LABEL_LENGTH = 254
"""What the audit log's column holds."""


def person(request: HttpRequest | Request) -> User:
    """Return the signed-in person. The view has made sure that there is one."""
    user = request.user
    assert isinstance(user, User)
    # A token says who somebody is, and the cookie beside it may be of somebody else.
    if getattr(request, "auth", None) is None:
        user.vouchers = vouchers.of(request.session, user)
    return user


def actor_of(request: HttpRequest | Request, means: Means) -> Actor:
    """Name the signed-in person behind a request, and the key that came in their name."""
    user, key = person(request), person(request).mandate
    return Actor(
        user_id=user.id,
        label=f"{user.email} by key {key.name}"[:LABEL_LENGTH] if key else user.email,
        means=Means.KEY if key else means,
        address=request.META.get("REMOTE_ADDR") or None,
        role_at_most=key.role if key else None,
    )

"""Long-lived tokens with which a program fetches new access tokens; each works once."""

import secrets

from django.conf import settings
from django.utils import timezone

from accounts.models import RefreshToken, User
from accounts.refusals import RefreshTokenUnknown
from redisgate.lib import tokens

PREFIX = "rgr_"


def issue(user: User) -> str:
    """Make a token, and clear away those of this person that have expired."""
    now = timezone.now()
    RefreshToken.objects.filter(user=user, expires_at__lte=now).delete()
    token = PREFIX + secrets.token_urlsafe(32)
    RefreshToken.objects.create(
        user=user,
        fingerprint=tokens.fingerprint(token),
        expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
    )
    return token


def redeem(token: str) -> User:
    """Use a token up and return whose it was. Raises RefreshTokenUnknown."""
    found = (
        RefreshToken.objects.select_related("user")
        .filter(
            fingerprint=tokens.fingerprint(token),
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )
    # The DELETE is the lock: of two programs with the same token exactly one gets on.
    if found is None or not revoke(token):
        raise RefreshTokenUnknown(
            "This refresh token has expired, was used before or was revoked. "
            "Log in again with POST /auth/login."
        )
    return found.user


def revoke(token: str) -> bool:
    """End a token, and tell whether there was one."""
    deleted, _ = RefreshToken.objects.filter(fingerprint=tokens.fingerprint(token)).delete()
    return deleted > 0


def revoke_all(user: User) -> None:
    RefreshToken.objects.filter(user=user).delete()


def clear_expired() -> int:
    """Delete what is over."""
    return RefreshToken.objects.filter(expires_at__lte=timezone.now()).delete()[0]

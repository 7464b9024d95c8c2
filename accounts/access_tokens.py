"""Short-lived access tokens for programs."""

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from accounts.models import User
from redisgate.lib import tokens

AUDIENCE = "redisgate:api"


def issue(user: User) -> str:
    """Sign an access token for the management API."""
    now = datetime.now(UTC)
    return tokens.sign(
        {
            "aud": AUDIENCE,
            "sub": str(user.id),
            "iat": now,
            "exp": now + settings.ACCESS_TOKEN_LIFETIME,
        }
    )


def user_id_of(token: str) -> UUID:
    """Return whose token this is. Raises tokens.BadToken or tokens.ExpiredToken."""
    claims = tokens.verify(token, audience=AUDIENCE)
    try:
        return UUID(claims["sub"])
    except (KeyError, ValueError, TypeError) as error:
        raise tokens.BadToken from error

"""Short-lived access tokens for programs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings

from accounts.models import User
from redisgate.lib import tokens

AUDIENCE = "redisgate:api"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is, and of which log-in; it ends with that."""

    user_id: UUID
    family_id: UUID | None


def issue(user: User, family_id: UUID | None = None) -> str:
    """Sign an access token for the management API."""
    now = datetime.now(UTC)
    claims = {
        "aud": AUDIENCE,
        "sub": str(user.id),
        "iat": now,
        "exp": now + settings.ACCESS_TOKEN_LIFETIME,
    }
    return tokens.sign(claims if family_id is None else {**claims, "sid": str(family_id)})


def read(token: str) -> Bearer:
    """Return whose token this is. Raises tokens.BadToken or tokens.ExpiredToken."""
    claims = tokens.verify(token, audience=AUDIENCE)
    try:
        family = claims.get("sid")
        return Bearer(UUID(claims["sub"]), None if family is None else UUID(family))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise tokens.BadToken from error

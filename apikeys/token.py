"""The key itself: `rg_` and a signed JWT.

The signature refuses a forged key before anything is looked up; the prefix lets scanners find
a leaked one.
"""

import secrets
from uuid import UUID

from redisgate.lib import tokens

PREFIX = "rg_"
AUDIENCE = "redisgate:key"
MAX_LENGTH = 512
"""A key has some 260 characters; whatever is longer isn't worth decoding."""


def issue(key_id: UUID) -> str:
    """Sign a new key. When it ends stands in its row alone, so that people can change that.

    The nonce makes the text unguessable even for somebody who holds a signing key and has seen
    the key's id, because only the text whose fingerprint is stored opens anything.
    """
    claims = {"aud": AUDIENCE, "jti": key_id.hex, "nonce": secrets.token_urlsafe(16)}
    return PREFIX + tokens.sign(claims)


def key_id_of(token: str) -> UUID:
    """Return the id inside a key that we signed. Raises tokens.BadToken."""
    if not token.startswith(PREFIX) or len(token) > MAX_LENGTH:
        raise tokens.BadToken
    claims = tokens.verify(token.removeprefix(PREFIX), audience=AUDIENCE, may_be_over=True)
    try:
        return UUID(hex=claims["jti"])
    except (KeyError, ValueError, AttributeError) as error:
        raise tokens.BadToken from error


def acl_user_of(key_id: UUID) -> str:
    """Name the key's user on each of its servers."""
    return PREFIX + key_id.hex[:12]


def hint_of(token: str) -> str:
    """Shorten a key to what tells it from others: all of them begin alike."""
    return f"{PREFIX}…{token[-6:]}"

"""Signed tokens (JWT, HS256) under a list of keys, so that keys can be rotated."""

import hashlib
from collections.abc import Mapping
from typing import Any

import jwt

from redisgate.lib import signing_keys

ALGORITHM = "HS256"


class BadToken(Exception):
    """The token isn't ours, was changed, or its time is over."""


class ExpiredToken(BadToken):
    """The token was ours and its time is over."""


def sign(claims: Mapping[str, Any]) -> str:
    """Sign with the newest key; its id travels in the header as ``kid``."""
    kid, secret = signing_keys.newest()
    return jwt.encode(dict(claims), secret, algorithm=ALGORITHM, headers={"kid": kid})


def verify(token: str, *, audience: str, may_be_over: bool = False) -> dict[str, Any]:
    """Return the claims of a token made by `sign` for this audience. Raises BadToken.

    ``may_be_over`` is for tokens whose end is written down elsewhere.
    """
    try:
        kid = jwt.get_unverified_header(token)["kid"]
        secret = signing_keys.secret_of(kid)
        return jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=audience,
            options={"verify_exp": not may_be_over},
        )
    except jwt.ExpiredSignatureError as error:
        raise ExpiredToken from error
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
        raise BadToken from error


def fingerprint(token: str) -> str:
    """Return the SHA-256 of a secret in hex: what is stored instead of it."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Long-lived tokens with which a program fetches new access tokens; each works once.

The tokens of one log-in are a family. A token that comes a second time has been stolen, or its
thief was faster: nobody can tell, so the family ends (RFC 9700, 4.14). Only whoever has lost the
answer may ask once more, as long as nobody has used what was in it.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import RefreshToken, TokenFamily, User
from accounts.refusals import RefreshTokenUnknown
from redisgate.lib import tokens

PREFIX = "rgr_"
GRACE = timedelta(seconds=60)
"""How long an answer counts as possibly lost."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who presents a token."""

    address: str = ""
    client: str = ""


UNKNOWN = Visit()


@dataclass(frozen=True, slots=True)
class Renewal:
    """What came of a token; ``token`` is None where it had been used before."""

    family: TokenFamily
    token: str | None = field(repr=False)


def begin(user: User, visit: Visit) -> Renewal:
    """Begin a family with its first token."""
    now = timezone.now()
    family = TokenFamily.objects.create(
        user=user,
        client=visit.client[:200],
        address=visit.address,
        renewed_at=now,
        expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
    )
    return Renewal(family, _add_to(family, parent=None))


def renew(token: str, visit: Visit) -> Renewal:
    """Use a token up for the next one, in the caller's transaction.

    Raises RefreshTokenUnknown for one that isn't ours or whose time is over.
    """
    now = timezone.now()
    presented = _find(token, now)
    # The family's row is the lock: of two with the same token the second sees the first's.
    family = TokenFamily.objects.select_for_update().filter(pk=presented.family_id).first()
    if family is None:
        raise _unknown()
    good = family.tokens.get(used_at=None)
    presented.refresh_from_db()
    if presented != good and not _lost_its_answer(presented, good, now):
        return Renewal(family, None)
    RefreshToken.objects.filter(pk=good.pk).update(used_at=now)
    family.renewed_at, family.address = now, visit.address
    family.expires_at = now + settings.REFRESH_TOKEN_LIFETIME
    family.save(update_fields=["renewed_at", "address", "expires_at"])
    return Renewal(family, _add_to(family, parent=presented))


def revoke(token: str) -> bool:
    """End the family of a token, and tell whether there was one."""
    family = TokenFamily.objects.filter(tokens__fingerprint=tokens.fingerprint(token))
    return family.delete()[0] > 0


def revoke_all(user: User) -> None:
    TokenFamily.objects.filter(user=user).delete()


def clear_expired() -> int:
    """Delete what is over."""
    now = timezone.now()
    families, _ = TokenFamily.objects.filter(expires_at__lte=now).delete()
    return families + RefreshToken.objects.filter(expires_at__lte=now).delete()[0]


def _lost_its_answer(presented: RefreshToken, good: RefreshToken, now: datetime) -> bool:
    used_at = presented.used_at
    return good.parent_id == presented.pk and used_at is not None and now - used_at < GRACE


def _find(token: str, now: datetime) -> RefreshToken:
    found = RefreshToken.objects.filter(
        fingerprint=tokens.fingerprint(token), expires_at__gt=now, family__user__is_active=True
    ).first()
    if found is None:
        raise _unknown()
    return found


def _add_to(family: TokenFamily, *, parent: RefreshToken | None) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    RefreshToken.objects.create(
        family=family,
        parent=parent,
        fingerprint=tokens.fingerprint(token),
        expires_at=family.expires_at,
    )
    return token


def _unknown() -> RefreshTokenUnknown:
    return RefreshTokenUnknown(
        "This refresh token has expired, was used before or was revoked. "
        "Log in again with POST /auth/login."
    )

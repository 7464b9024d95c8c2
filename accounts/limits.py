"""How often somebody may try, for pages and programs alike.

django-allauth counts, by address and by account, in the cache that all processes share. Here a
refusal gets its status, the time to wait and words.
"""

import time
import unicodedata
from math import ceil
from typing import Any, NoReturn

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.refusals import TooManyAttempts
from redisgate.lib import units

ACCOUNT_APP = "allauth.account"
USUAL_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 60, 300
MAILED = "confirm_email"
"""What goes over this limit is left unsent, and refuses nobody."""
REFUSALS = frozenset({"too_many_login_attempts", "rate_limited"})
"""What allauth would write beside a field, with status 200."""
GUESSED = "Too many failed attempts. Wait {time} and try again, or choose a new password by mail."
ASKED = "This was asked for too often. Wait {time} and try again."


class CountedAttempts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The part of the adapter that refuses whoever tries too often."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a guess at a password. Raises TooManyAttempts with the time to wait."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        usage = ratelimit.consume(request, app=ACCOUNT_APP, action="login_failed", key=key)
        if not usage:
            left = seconds_left(request, "login_failed", key=key)
            raise _refusal(request, left, words=GUESSED)
        self._login_failed_rl_usage = usage

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Make the error of a field; a limit that was reached ends the whole request instead."""
        if code in REFUSALS:
            raise _refusal(self.request, LONGEST_PAUSE_SECONDS, words=GUESSED)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own key holds the Host header, with which a guesser could begin anew.
        return account_key(str(credentials.get("email") or credentials.get("username") or ""))


def account_key(login: str) -> str:
    """Fold all spellings that a database may take for the same address into one."""
    return unicodedata.normalize("NFKC", login).strip().upper().casefold()


def count(request: HttpRequest, action: str) -> None:
    """Count something that programs do, together with the same on pages.

    Raises TooManyAttempts.
    """
    if not ratelimit.consume(request, app=ACCOUNT_APP, action=action):
        raise _refusal(request, seconds_left(request, action))


def refuse(request: HttpRequest) -> NoReturn:
    """Refuse a page that allauth has found to be asked for too often."""
    key = request.POST.get("email", "").strip().lower()
    actions = [
        action
        for action, rates in app_settings.RATE_LIMITS.items()
        if rates and action != MAILED and (request.user.is_authenticated or "/user" not in rates)
    ]
    left = max(seconds_left(request, action, key=key) for action in actions)
    raise _refusal(request, left or USUAL_PAUSE_SECONDS)


def seconds_left(request: HttpRequest, action: str, *, key: str = "") -> float:
    """Say how long it takes until one more of these is allowed."""
    now = time.time()
    left = 0.0
    for rate in ratelimit.get_rates(app=ACCOUNT_APP, action=action):
        place = ratelimit.get_cache_key(request, app=ACCOUNT_APP, action=action, rate=rate, key=key)
        tried_at = cache.get(place, [])  # newest first
        if len(tried_at) >= rate.amount:
            left = max(left, tried_at[rate.amount - 1] + rate.duration - now)
    return left


def _refusal(request: HttpRequest, seconds: float, *, words: str = ASKED) -> TooManyAttempts:
    seconds = max(1, ceil(seconds))
    return TooManyAttempts(
        words.format(time=spoken(seconds)),
        log=f"too many attempts from {request.META.get('REMOTE_ADDR')}",
        retry_after_seconds=seconds,
    )


def spoken(seconds: float) -> str:
    """Say a time to wait."""
    seconds = max(1, ceil(seconds))
    for longest, length, unit in ((90, 1, "second"), (5400, 60, "minute")):
        if seconds <= longest:
            return units.counted(ceil(seconds / length), unit)
    return units.counted(ceil(seconds / 3600), "hour")

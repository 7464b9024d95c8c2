"""Hints that somebody has put off for a week, in a cookie of their browser.

Only what this person sees changes, so nothing is kept for others: no table, no event, and it works
without script. A forged cookie hides its owner's own hints, so it needs no signature either.
"""

import re
import time
from collections.abc import Collection, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from redisgate.lib.errors import InvalidInput

COOKIE = "rg_put_off"
WEEK_SECONDS = 7 * 24 * 3600
_KEY = re.compile(r"[0-9a-f]{12}")
_PART = re.compile(r"\b([0-9a-f]{12})-([0-9]{9,11})\b")
KEPT = 40
"""A cookie holds four kilobytes; the oldest make room."""


def read(request: HttpRequest) -> Mapping[str, int]:
    """Give until when each hint is put off, in seconds since 1970."""
    parts = _PART.findall(request.COOKIES.get(COOKIE, ""))
    now = time.time()
    return {key: int(until) for key, until in parts if int(until) > now}


def add(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Put one off for a week. Raises InvalidInput for what is no hint's key."""
    if not _KEY.fullmatch(key):
        raise InvalidInput("There is no such hint. Load the page again.", log="no hint's key")
    _write(response, {**read(request), key: int(time.time()) + WEEK_SECONDS})


def end(request: HttpRequest, response: HttpResponse, keys: Collection[str]) -> None:
    """Show these again; what is put off elsewhere stays so."""
    _write(response, {key: until for key, until in read(request).items() if key not in keys})


def _write(response: HttpResponse, until: Mapping[str, int]) -> None:
    newest = sorted(until.items(), key=lambda each: each[1])[-KEPT:]
    response.set_cookie(
        COOKIE,
        ".".join(f"{name}-{moment}" for name, moment in newest),
        max_age=WEEK_SECONDS if newest else 0,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

"""What an event may hold: plain values that every database gives back as they were, no secrets."""

import ipaddress
import logging
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

log = logging.getLogger("redisgate.audit")

REDACTED = "[redacted]"
SECRET_WORDS = frozenset(
    {
        "authorization", "cookie", "credential", "credentials", "fingerprint", "otp",
        "passphrase", "passwd", "password", "passwords", "pin", "private", "secret", "secrets",
        "session", "token", "tokens", "totp",
    }
)  # fmt: skip
SECRET_VALUE = re.compile(
    r"rg[imr]?_[A-Za-z0-9_-]{24}"  # keys, refresh tokens, invitations; a hint is shorter
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\."  # a signed token
    r"|[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@"  # a URL with a password
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


def without_secrets(changes: Mapping[str, object]) -> dict[str, object]:
    """Make changes fit to be kept for ever.

    What is named like a secret, or looks like one, is blanked and reported in the log: to write
    it was a mistake, and to refuse the mutation for it would be another.
    """
    return {_string(str(name)): _value(str(name), value) for name, value in changes.items()}


def text(value: str, longest: int) -> str:
    """Cut to what the column holds; neither a NUL nor half a character fits into a database."""
    return _string(value)[:longest]


def address(value: str | None) -> str | None:
    """Return an address as both databases write it, or None for what is none."""
    try:
        found = ipaddress.ip_address((value or "").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def _value(name: str, value: object) -> object:
    if _is_secret(name, value):
        log.error("an audit event would have held a secret: %s", name)
        return REDACTED
    if isinstance(value, Mapping):
        return without_secrets(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_value("", each) for each in value]
    return _plain(value)


def _is_secret(name: str, value: object) -> bool:
    if isinstance(value, str) and SECRET_VALUE.search(value):
        return True
    words = [word.lower() for word in WORD.findall(name)]
    if value is None or isinstance(value, bool) or not SECRET_WORDS.intersection(words):
        return False
    # ``password_version`` counts; a number that *is* a password is none the less one.
    return not isinstance(value, int | float) or words[-1] in SECRET_WORDS


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _number(value)
    return _string(value.isoformat() if isinstance(value, datetime | date) else str(value))


def _number(value: float) -> int | float | str:
    """PostgreSQL gives 1e22 back as a whole number, and knows no infinity in JSON."""
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() else value


def _string(value: str) -> str:
    return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()

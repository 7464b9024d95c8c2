"""The signing keys of this process, which learns of another when a token names it.

So a key that was added on this machine holds in all its processes before anybody restarts them.
Keys that were given by the environment are all there are.
"""

import logging
import time

from django.conf import settings

from redisgate.lib import keyring
from redisgate.lib.env import BadSetting

log = logging.getLogger("redisgate.signing_keys")

LOOK_EVERY_SECONDS = 1.0
"""Anybody can name keys that never were; the file is read this often at most."""


class _Look:
    """When the file was last read for a key that wasn't known."""

    at = -LOOK_EVERY_SECONDS


def newest() -> tuple[str, str]:
    """Return the id and the secret to sign with."""
    kid, secret = settings.SIGNING_KEYS[0]
    return kid, secret


def secret_of(kid: str) -> str:
    """Return the secret of a key. Raises KeyError for one that never was, or was dropped."""
    known: dict[str, str] = dict(settings.SIGNING_KEYS)
    if kid in known:
        return known[kid]
    _read_again()
    return dict(settings.SIGNING_KEYS)[kid]


def _read_again() -> None:
    now = time.monotonic()
    if settings.SIGNING_KEYS_ARE_GIVEN or now - _Look.at < LOOK_EVERY_SECONDS:
        return
    _Look.at = now
    try:
        settings.SIGNING_KEYS[:] = keyring.load_or_create(settings.KEYRING_FILE).signing_keys
    except BadSetting as error:
        log.error("The keys in force stay: %s", error)

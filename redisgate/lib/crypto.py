"""Encryption of secrets at rest, with a list of keys so that they can be rotated."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(plain: str) -> str:
    """Encrypt with the newest key."""
    return _box(tuple(settings.ENCRYPTION_KEYS)).encrypt(plain.encode()).decode()


def decrypt(sealed: str) -> str:
    """Decrypt with whichever key fits; raises cryptography.fernet.InvalidToken.

    What was opened is remembered: the control loop reads the same rows again and again, and
    opening costs more than reading.
    """
    return _decrypt(tuple(settings.ENCRYPTION_KEYS), sealed)


def decrypt_once(sealed: str) -> str:
    """Decrypt what nobody reads again, and keep nothing of it in memory."""
    return _box(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()


@lru_cache(maxsize=4096)
def _decrypt(keys: tuple[str, ...], sealed: str) -> str:
    return _box(keys).decrypt(sealed.encode()).decode()

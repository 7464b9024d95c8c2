"""Secrets that the platform makes for itself on its first start, or is given.

Machines that share no disk are given them, all of them the same.
"""

import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from redisgate.lib.env import BadSetting

LEAST_SECRET = 32
"""Characters of a secret that signs."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys in force, newest first; older ones still verify and decrypt.

    ``signing_keys`` are (kid, secret) pairs.
    """

    secret_key: str = field(repr=False)
    signing_keys: tuple[tuple[str, str], ...] = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)


def complete(given: Keyring, path: Path) -> Keyring:
    """Take what is missing from the key file; where nothing is, there needn't be a file."""
    if given.secret_key and given.signing_keys and given.encryption_keys:
        return given
    kept = load_or_create(path)
    return Keyring(
        secret_key=given.secret_key or kept.secret_key,
        signing_keys=given.signing_keys or kept.signing_keys,
        encryption_keys=given.encryption_keys or kept.encryption_keys,
    )


def signing_keys(value: str) -> tuple[tuple[str, str], ...]:
    """Parse ``kid:secret,kid:secret``, the newest first. Raises ValueError, without a key."""
    pairs = [word.partition(":")[::2] for word in _words(value)]
    is_good = all(kid and len(secret) >= LEAST_SECRET for kid, secret in pairs)
    if not is_good or len(dict(pairs)) < len(pairs):
        raise ValueError("signing keys")
    return tuple(pairs)


def encryption_keys(value: str) -> tuple[str, ...]:
    """Parse Fernet keys, the newest first. Raises ValueError, without a key."""
    keys = tuple(_words(value))
    for key in keys:
        Fernet(key)
    return keys


def _words(value: str) -> list[str]:
    """Split at commas; a file may have a line for each instead."""
    return value.replace(",", " ").split()


def load_or_create(path: Path) -> Keyring:
    """Read the key file, or make one that only its owner may read.

    Several processes may start at once: the file appears whole by a hard link, the first wins.
    Raises BadSetting for a file that can't be read: new keys would not open what the old sealed.
    """
    if not path.exists():
        _create(path)
    try:
        content = json.loads(path.read_text())
        return Keyring(
            secret_key=content["secret_key"],
            signing_keys=tuple((kid, secret) for kid, secret in content["signing_keys"]),
            encryption_keys=tuple(content["encryption_keys"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Without the cause: it could quote a key.
        raise BadSetting(
            f"DATA_DIR: the keys in {path} can't be read. Put your copy of that file back, "
            "and let nobody but this account read it."
        ) from None


def add_signing_key(path: Path) -> str:
    """Add a key in front of the others, and return its id."""
    with _changing(path) as content:
        keys = content["signing_keys"]
        kid, secret = fresh_signing_key(len(keys) + 1)
        keys.insert(0, [kid, secret])
    return kid


def fresh_signing_key(number: int) -> tuple[str, str]:
    """Make a key that no other machine hits upon, and return its id and its secret."""
    return f"k{number}-{secrets.token_hex(3)}", secrets.token_urlsafe(48)


def drop_signing_key(path: Path, kid: str) -> None:
    """Forget a key. Raises BadSetting for one that isn't there, and for the one that signs now."""
    with _changing(path) as content:
        newest, *older = content["signing_keys"]
        if kid == newest[0]:
            raise BadSetting(f"{kid} signs what is new: add another key before you drop it.")
        if kid not in [known for known, _ in older]:
            raise BadSetting(f"There is no key {kid} in {path}.")
        content["signing_keys"] = [newest, *(each for each in older if each[0] != kid)]


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """Read the file for a change, and replace it whole; of two at once the second waits."""
    load_or_create(path)  # refuses a damaged one
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        content = json.loads(path.read_text())
        yield content
        os.replace(_written(path.parent, content), path)
        os.fsync(directory)
    finally:
        os.close(directory)


def _create(path: Path) -> None:
    content = {
        "secret_key": secrets.token_urlsafe(48),
        "signing_keys": [["k1", secrets.token_urlsafe(48)]],
        "encryption_keys": [Fernet.generate_key().decode()],
    }
    name = _written(path.parent, content)
    try:
        os.link(name, path)
    except FileExistsError:
        pass  # another process was faster, and its keys count
    finally:
        os.unlink(name)


def _written(directory: Path, content: dict[str, Any]) -> str:
    """Write a file of another name, whole and on the disk, and return its path."""
    handle, name = tempfile.mkstemp(dir=directory)  # 0600 from the start
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return name

"""Secrets that the platform makes for itself on its first start."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from redisgate.lib.env import BadSetting


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys in force, newest first; older ones still verify and decrypt.

    ``signing_keys`` are (kid, secret) pairs.
    """

    secret_key: str = field(repr=False)
    signing_keys: tuple[tuple[str, str], ...] = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)


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


def _create(path: Path) -> None:
    content = {
        "secret_key": secrets.token_urlsafe(48),
        "signing_keys": [["k1", secrets.token_urlsafe(48)]],
        "encryption_keys": [Fernet.generate_key().decode()],
    }
    handle, name = tempfile.mkstemp(dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        pass  # another process was faster, and its keys count
    finally:
        os.unlink(name)

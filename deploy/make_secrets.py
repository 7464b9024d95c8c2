"""Make the secrets of a platform in containers, once.

    python deploy/make_secrets.py /secrets

Below that directory each consumer has one of its own, so that none sees another's. What exists
stays: a database keeps the password that it was made with.
"""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

OURS, ANYBODYS = 0o400, 0o444
"""The other images run under accounts of their own; only they have their directory mounted."""


def make(root: Path) -> None:
    """Fill the directories; run again it changes nothing."""
    database = _once(root / "database/password", _word, ANYBODYS)
    valkey = _once(root / "valkey/password", _word, ANYBODYS)
    metrics = _once(root / "prometheus/metrics_token", _word, ANYBODYS)
    _once(root / "valkey/valkey.conf", lambda: _valkey_conf(valkey), ANYBODYS)
    _once(root / "grafana/password", _word, ANYBODYS)
    for name, secret in {
        "secret_key": _word,
        "signing_keys": lambda: f"k1-{secrets.token_hex(3)}:{_word()}",
        "encryption_keys": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "database_url": lambda: f"postgres://redisgate:{database}@database:5432/redisgate",
        "redis_password": lambda: valkey,
        "metrics_token": lambda: metrics,
    }.items():
        _once(root / "platform" / name, secret, OURS)


def _once(path: Path, secret: Callable[[], str], mode: int) -> str:
    """Give what the file holds, written whole where it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}")
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret())
            file.flush()
            os.fsync(file.fileno())
        half.chmod(mode)
        half.rename(path)
    return path.read_text()


def _word() -> str:
    return secrets.token_urlsafe(48)


def _valkey_conf(password: str) -> str:
    """Configure a server that remembers nothing: all that it holds is elsewhere, too, or brief."""
    return f"""requirepass {password}
protected-mode yes
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
dir /tmp
"""


if __name__ == "__main__":
    make(Path(sys.argv[1]))

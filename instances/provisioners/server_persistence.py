"""What is on a server's disk, and how to get from one kind of persistence to another.

A server that is told to use an append-only file ignores a snapshot, and the other way round. So
one that changes its kind is started as what its disk holds, and moved on once it has loaded.
"""

import shutil
import time
from pathlib import Path

from instances.provisioners.admin_connection import AdminConnection, ServerError
from instances.provisioners.server_config import (
    APPEND_DIRECTORY,
    SNAPSHOT_FILE,
    SNAPSHOT_RULES,
    ServerPaths,
)
from instances.spec import Persistence

_STEP_SECONDS = 0.01


def stored(paths: ServerPaths) -> Persistence:
    """Say what a server must be started as so that it finds its data."""
    if _manifest(paths).exists():
        return Persistence.AOF
    if (paths.data / SNAPSHOT_FILE).exists():
        return Persistence.SNAPSHOT
    return Persistence.NONE


def to_start_as(wish: Persistence, paths: ServerPaths) -> Persistence:
    """Choose what to start the server as, and clear away what the wish says not to keep."""
    if wish is Persistence.NONE:
        # Whatever lies here is older than the last stop, and would come back at each start.
        shutil.rmtree(paths.data / APPEND_DIRECTORY, ignore_errors=True)
        (paths.data / SNAPSHOT_FILE).unlink(missing_ok=True)
        return wish
    found = stored(paths)
    return wish if found is Persistence.NONE else found


def move_on(
    wish: Persistence, paths: ServerPaths, connection: AdminConnection, *, deadline: float
) -> None:
    """Bring a server that has loaded its data to the wished kind; nothing to do is usual.

    Where it isn't done by the deadline the old kind goes on, and a later start tries again.
    """
    runs_append_only = connection.call("CONFIG", "GET", "appendonly") == ["appendonly", "yes"]
    if wish is Persistence.AOF and not runs_append_only:
        _to_append_only(connection, deadline)
    elif wish is Persistence.SNAPSHOT and runs_append_only:
        _to_snapshots(paths, connection, deadline)


def _to_append_only(connection: AdminConnection, deadline: float) -> None:
    connection.call("CONFIG", "SET", "appendonly", "yes")
    if _done(connection, "aof_rewrite_in_progress", "aof_rewrite_scheduled", deadline=deadline):
        connection.call("CONFIG", "SET", "save", "", "stop-writes-on-bgsave-error", "no")


def _to_snapshots(paths: ServerPaths, connection: AdminConnection, deadline: float) -> None:
    rules = " ".join(SNAPSHOT_RULES)
    connection.call("CONFIG", "SET", "save", rules, "stop-writes-on-bgsave-error", "yes")
    connection.call("BGSAVE")
    if not _done(connection, "rdb_bgsave_in_progress", deadline=deadline):
        return
    if _persistence(connection)["rdb_last_bgsave_status"] != "ok":
        raise ServerError("the snapshot of the data could not be written")
    connection.call("CONFIG", "SET", "appendonly", "no")
    shutil.rmtree(paths.data / APPEND_DIRECTORY)


def _manifest(paths: ServerPaths) -> Path:
    return paths.data / APPEND_DIRECTORY / "appendonly.aof.manifest"


def _persistence(connection: AdminConnection) -> dict[str, str]:
    text = str(connection.call("INFO", "persistence"))
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def _done(connection: AdminConnection, *fields: str, deadline: float) -> bool:
    """Wait until the server says that none of these is under way any more."""
    while time.monotonic() < deadline:
        now = _persistence(connection)
        if all(now[field] == "0" for field in fields):
            return True
        time.sleep(_STEP_SECONDS)
    return False

"""What is on a server's disk, and how to get from one kind of persistence to another.

A server that is told to use an append-only file ignores a snapshot, and the other way round. So
one that changes its kind is started as what its disk holds, and moved on once it has loaded. On
the way there is always one of the two that holds all data, and `stored` finds it.
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
_PATIENCE_SECONDS = 0.5
"""How long a step waits for its work, so that little data needs no second one."""
_RULES = " ".join(SNAPSHOT_RULES)


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
        _forget_data(paths)
        return wish
    found = stored(paths)
    return wish if found is Persistence.NONE else found


def move_on(
    wish: Persistence, paths: ServerPaths, connection: AdminConnection, *, deadline: float
) -> None:
    """Bring a server that has loaded its data to the wished kind; nothing to do is usual.

    Where it isn't done by the deadline the old kind goes on, and a later start tries again.
    """
    while step_on(wish, paths, connection) and time.monotonic() < deadline:
        time.sleep(_STEP_SECONDS)


def step_on(wish: Persistence, paths: ServerPaths, connection: AdminConnection) -> str:
    """Go on towards the wished kind; say how far it is, or nothing when it is there.

    The server does the work beside its own, so this waits a moment at most.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while under_way := _STEPS[wish](paths, connection):
        if time.monotonic() >= until:
            return under_way
        time.sleep(_STEP_SECONDS)
    return ""


def make_stoppable(wish: Persistence, paths: ServerPaths, connection: AdminConnection) -> bool:
    """Say whether the server must save a snapshot as it stops, whatever its kind.

    One that is still writing its first append-only file refuses to stop, and has no file yet.
    """
    if wish is not Persistence.AOF or _manifest(paths).exists():
        return False
    connection.call("CONFIG", "SET", "appendonly", "no")
    return True


def _to_append_only(paths: ServerPaths, connection: AdminConnection) -> str:
    if not _is_append_only(connection):
        connection.call("CONFIG", "SET", "appendonly", "yes")
    if not _manifest(paths).exists():
        return _under_way(connection) or "The append-only file is being written."
    connection.call("CONFIG", "SET", "save", "", "stop-writes-on-bgsave-error", "no")
    return ""


def _to_snapshots(paths: ServerPaths, connection: AdminConnection) -> str:
    if under_way := _under_way(connection):
        return under_way
    # The rules are set once the snapshot is begun: where they stand, there is one.
    if connection.call("CONFIG", "GET", "save") != ["save", _RULES]:
        connection.call("BGSAVE")
        connection.call("CONFIG", "SET", "save", _RULES, "stop-writes-on-bgsave-error", "yes")
        return "A snapshot is being written."
    if _is_append_only(connection):
        if connection.info("persistence")["rdb_last_bgsave_status"] != "ok":
            connection.call("BGSAVE")
            raise ServerError("the snapshot of the data could not be written")
        connection.call("CONFIG", "SET", "appendonly", "no")
    shutil.rmtree(paths.data / APPEND_DIRECTORY, ignore_errors=True)
    return ""


def _to_nothing(paths: ServerPaths, connection: AdminConnection) -> str:
    off = ("appendonly", "no", "save", "", "stop-writes-on-bgsave-error", "no")
    connection.call("CONFIG", "SET", *off)
    _forget_data(paths)
    return ""


_STEPS = {
    Persistence.AOF: _to_append_only,
    Persistence.SNAPSHOT: _to_snapshots,
    Persistence.NONE: _to_nothing,
}


def _is_append_only(connection: AdminConnection) -> bool:
    return connection.call("CONFIG", "GET", "appendonly") == ["appendonly", "yes"]


def _under_way(connection: AdminConnection) -> str:
    """Say what the server is writing beside its work, as far as it tells."""
    now = connection.info("persistence")
    done, total = int(now["current_save_keys_processed"]), int(now["current_save_keys_total"])
    share = f": {done:,} of {total:,} keys." if total else "."
    if now["aof_rewrite_in_progress"] == "1" or now["aof_rewrite_scheduled"] == "1":
        if now["aof_last_bgrewrite_status"] != "ok":
            return "The append-only file could not be written; the server tries again."
        return f"The append-only file is being written{share}"
    return f"A snapshot is being written{share}" if now["rdb_bgsave_in_progress"] == "1" else ""


def _manifest(paths: ServerPaths) -> Path:
    return paths.data / APPEND_DIRECTORY / "appendonly.aof.manifest"


def _forget_data(paths: ServerPaths) -> None:
    shutil.rmtree(paths.data / APPEND_DIRECTORY, ignore_errors=True)
    (paths.data / SNAPSHOT_FILE).unlink(missing_ok=True)

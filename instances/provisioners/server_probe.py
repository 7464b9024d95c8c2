"""Ask a server how it is."""

import time

from instances.provisioners import server_users
from instances.provisioners.admin_connection import (
    AdminConnection,
    NotListening,
    ServerError,
    Unreachable,
)
from instances.provisioners.base import Observation, Presence
from instances.provisioners.server_config import ServerPaths
from instances.provisioners.server_log import without_host_paths
from instances.provisioners.server_process import ServerProcess

_START_SECONDS = 10.0

CUT_OFF = (
    "The file of the server's socket was removed, so RedisGate can't reach the server. It is "
    "started anew, with its data saved first."
)
CUT_OFF_FOR_GOOD = (
    "The file of the server's socket was removed, so RedisGate can't reach the server. Restart it "
    "when you like: it keeps nothing on disk, so it will be empty."
)


def is_cut_off(process: ServerProcess, paths: ServerPaths) -> bool:
    """Say whether a server that has been up for a while has lost its socket's file."""
    return process.age_seconds >= _START_SECONDS and not paths.socket.exists()


def probe(
    process: ServerProcess, paths: ServerPaths, admin_password: str, *, timeout_seconds: float
) -> Observation:
    """Ask a process that exists; whatever it answers, or doesn't, is an observation."""
    asked_at = time.monotonic()
    try:
        with AdminConnection(
            paths.socket, admin_password, timeout_seconds=timeout_seconds
        ) as connection:
            login, pong, users = connection.pipeline(
                connection.credentials, ("PING",), ("ACL", "USERS")
            )
    except NotListening:
        if is_cut_off(process, paths):
            return Observation(presence=Presence.SILENT, detail=CUT_OFF, is_cut_off=True)
        is_young = process.age_seconds < _START_SECONDS
        presence = Presence.STARTING if is_young else Presence.SILENT
        return Observation(presence=presence, detail="The server doesn't listen.")
    except Unreachable as error:
        return Observation(presence=Presence.SILENT, detail=f"The server is silent: {error}.")

    trouble = next((reply for reply in (login, pong) if isinstance(reply, ServerError)), None)
    detail = without_host_paths(str(trouble)) if trouble else ""
    is_loading = detail.startswith("LOADING")
    return Observation(
        presence=Presence.STARTING if is_loading else Presence.RUNNING,
        detail=detail,
        acl_digest=server_users.acknowledged_digest(paths, users),
        ping_seconds=time.monotonic() - asked_at,
    )

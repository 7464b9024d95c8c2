"""The first and the last seconds of a server."""

import time
from signal import SIGKILL, SIGTERM

from instances.provisioners import server_log, server_persistence
from instances.provisioners.admin_connection import (
    AdminConnection,
    NotListening,
    Reply,
    ServerError,
    Unreachable,
)
from instances.provisioners.base import ProvisionError
from instances.provisioners.listening import port_taken
from instances.provisioners.server_config import ServerPaths
from instances.provisioners.server_process import ServerProcess
from instances.spec import InstanceSpec, Persistence

SHUTDOWN_SECONDS = 10.0
TERMINATE_SECONDS = 5.0
KILL_SECONDS = 5.0
_ANSWER_SECONDS = 1.0
_STEP_SECONDS = 0.005

_SHUTDOWN: dict[Persistence, tuple[str, ...]] = {
    Persistence.AOF: ("SHUTDOWN",),
    Persistence.SNAPSHOT: ("SHUTDOWN", "SAVE"),
    Persistence.NONE: ("SHUTDOWN", "NOSAVE"),
}


def await_pong(
    spec: InstanceSpec,
    paths: ServerPaths,
    process: ServerProcess,
    *,
    deadline: float,
    log_offset: int,
) -> bool:
    """Wait until the server answers, and say whether it is well.

    False means that it is degraded, or still loading its data at the deadline.

    Raises ProvisionError when it ends, stays silent, or isn't the server it should be, and
    PortTaken when another one was faster on its port.
    """
    is_loading = False
    while not process.wait(_STEP_SECONDS):
        try:
            login, directory, pong = _greet(spec, paths)
        except Unreachable:
            is_loading = False
        else:
            _check_identity(paths, login, directory)
            is_loading = isinstance(pong, ServerError) and str(pong).startswith("LOADING")
            if not is_loading:
                return not isinstance(pong, ServerError)
        if time.monotonic() >= deadline:
            if is_loading:
                return False
            raise ProvisionError(
                "The server was started but doesn't answer.", log_tail=server_log.tail(paths.log)
            )
    raise _ended_early(spec, server_log.tail(paths.log, since=log_offset))


def end(spec: InstanceSpec, paths: ServerPaths, process: ServerProcess) -> None:
    """End the server politely, then less and less so."""
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    if _ask_to_shut_down(spec, paths) and process.wait(deadline - time.monotonic()):
        return
    process.signal(SIGTERM)
    if not process.wait(TERMINATE_SECONDS):
        kill(process)


def end_saved(process: ServerProcess, *, timeout_seconds: float) -> None:
    """Have a server that nobody can talk to save its data and end; never by force."""
    process.signal(SIGTERM)
    if not process.wait(timeout_seconds):
        raise ProvisionError(
            "The server can't be reached, because its socket is gone, and has not yet saved its "
            "data to start anew. It is left running."
        )


def kill(process: ServerProcess) -> None:
    process.signal(SIGKILL)
    if not process.wait(KILL_SECONDS):
        raise ProvisionError(
            "The server's process can't be ended; the machine may wait for its disk."
        )


def _greet(spec: InstanceSpec, paths: ServerPaths) -> list[Reply]:
    with AdminConnection(
        paths.socket, spec.admin_password, timeout_seconds=_ANSWER_SECONDS
    ) as connection:
        return connection.pipeline(connection.credentials, ("CONFIG", "GET", "dir"), ("PING",))


def _check_identity(paths: ServerPaths, login: Reply, directory: Reply) -> None:
    if isinstance(login, ServerError):
        raise ProvisionError(
            "The running server refuses the platform's own password. Stop the instance and "
            "start it again."
        )
    # A server that is BUSY won't say; its process was recognized already.
    if isinstance(directory, list) and directory != ["dir", str(paths.data)]:
        raise ProvisionError("A server with other data answers in this instance's place.")


def _ended_early(spec: InstanceSpec, log_tail: str) -> ProvisionError:
    if "address already in use" in log_tail.lower():
        return port_taken(spec.port)
    return ProvisionError("The server ended while it was starting.", log_tail=log_tail)


def _ask_to_shut_down(spec: InstanceSpec, paths: ServerPaths) -> bool:
    """Send SHUTDOWN and say whether the server took it."""
    try:
        with AdminConnection(
            paths.socket, spec.admin_password, timeout_seconds=SHUTDOWN_SECONDS
        ) as connection:
            connection.log_in()
            # A running script would have it refused; one that wrote already can't be killed.
            connection.pipeline(("SCRIPT", "KILL"), ("FUNCTION", "KILL"))
            must_save = server_persistence.make_stoppable(spec.persistence, paths, connection)
            connection.call(*_SHUTDOWN[Persistence.SNAPSHOT if must_save else spec.persistence])
    except (NotListening, ServerError):
        return False
    except Unreachable:
        # The only answer to a SHUTDOWN that works is the end of the connection.
        return True
    return False

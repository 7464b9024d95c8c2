"""Instances as server processes of this machine.

The servers are not ours to lose: they run in sessions of their own, outlive us, and are found
again. One lock for each instance keeps two controllers from working on it at once; another one,
held by the server itself, keeps a second server from ever running on the same data.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from instances import acl
from instances.provisioners import (
    file_lock,
    server_binary,
    server_config,
    server_lifecycle,
    server_log,
    server_persistence,
    server_process,
    server_settings,
    server_tuning,
    server_users,
)
from instances.provisioners.admin_connection import AdminConnection, ServerError, Unreachable
from instances.provisioners.base import Observation, Provisioner, ProvisionError
from instances.provisioners.listening import check_free
from instances.provisioners.private_files import make_directory, write_atomically
from instances.provisioners.server_config import ServerPaths, ServerTls
from instances.provisioners.server_probe import CUT_OFF_FOR_GOOD, is_cut_off, probe
from instances.provisioners.server_process import ServerProcess
from instances.spec import DriverState, Endpoint, InstanceSpec, Persistence

START_SECONDS = 10.0
OBSERVE_SECONDS = 0.8
APPLY_SECONDS = 5.0
LOCK_SECONDS = 10.0
SAVING_SECONDS = 5.0
SAVING_CHILDREN_SECONDS = 5.0

# sun_path holds 108 bytes, the last of them zero.
_SOCKET_PATH_BYTES = 107


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """Where servers of this machine live.

    ``run_dir`` must be short: a unix socket's path has 107 bytes at most.
    ``binary`` is a valkey-server or redis-server; None means the bundled one.
    """

    data_dir: Path
    run_dir: Path
    bind_host: str = "127.0.0.1"
    binary: Path | None = None
    tls: ServerTls | None = None


class ProcessProvisioner(Provisioner):
    """Run each instance as a child of nobody, with its data in a directory of its own."""

    name: ClassVar[str] = "process"

    def __init__(self, settings: ProcessSettings) -> None:
        self._data_dir = settings.data_dir.absolute()
        self._run_dir = settings.run_dir.absolute()
        self._bind_host = settings.bind_host
        self._wished_binary = settings.binary
        self._tls = settings.tls

    @property
    def may_share_connections(self) -> bool:
        # The bundled server is new enough; of a program of the operator's we don't know.
        return self._wished_binary is None

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        deadline = time.monotonic() + START_SECONDS
        with self._exclusive(spec) as paths:
            log_offset = server_log.size(paths.log)
            process = _reachable(spec, paths) or self._launch(spec, paths, deadline)
            server_process.note(paths, process)
            if server_lifecycle.await_pong(
                spec, paths, process, deadline=deadline, log_offset=log_offset
            ):
                with _logged_in(spec, paths, deadline - time.monotonic()) as connection:
                    server_tuning.tune(connection)
                    server_persistence.move_on(
                        spec.persistence, paths, connection, deadline=deadline
                    )
        return {"pid": process.pid}

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        with self._exclusive(spec) as paths:
            process = server_process.find(paths)
            if process is not None:
                server_lifecycle.end(spec, paths, process)
            server_process.forget(paths)
        return {}

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        paths = self.paths(spec)
        with _said_in_sentences():
            process = server_process.find(paths)
            if process is None:
                return Observation.absent()
            seen = probe(process, paths, spec.admin_password, timeout_seconds=OBSERVE_SECONDS)
            if seen.is_cut_off and not _keeps_data(spec, paths):
                seen = Observation(presence=seen.presence, detail=CUT_OFF_FOR_GOOD)
            return seen if process.is_alive else Observation.absent()

    def watch(self, spec: InstanceSpec, state: DriverState) -> int | None:
        with _said_in_sentences():
            process = server_process.find(self.paths(spec))
            return process.watch() if process is not None else None

    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        with self._exclusive(spec) as paths:
            text = acl.server_file(spec.admin_password, spec.acl_users)
            if server_process.find(paths) is None:
                if paths.root.exists():
                    write_atomically(paths.acl, text)
                return
            with _logged_in(spec, paths, APPLY_SECONDS) as connection:
                server_users.replace(connection, paths, text)

    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        with self._exclusive(spec) as paths:
            if server_process.find(paths) is None:
                return ""
            with _logged_in(spec, paths, APPLY_SECONDS) as connection:
                server_settings.apply(spec, connection)
                under_way = server_persistence.step_on(spec.persistence, paths, connection)
            if not under_way:
                write_atomically(paths.config, self._config(spec, paths))
            return under_way

    def memory_used(self, spec: InstanceSpec, state: DriverState) -> int | None:
        paths = self.paths(spec)
        with _said_in_sentences():
            if server_process.find(paths) is None:
                return None
            with _logged_in(spec, paths, OBSERVE_SECONDS) as connection:
                return server_settings.memory_used(connection)

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        with self._exclusive(spec) as paths:
            process = server_process.find(paths)
            if process is not None:
                server_lifecycle.kill(process)
            server_process.forget(paths)
            if paths.root.exists():
                # Children that were saving hold the lock too, and would write into what goes.
                with file_lock.held(paths.alive_lock, timeout_seconds=SAVING_CHILDREN_SECONDS):
                    shutil.rmtree(paths.root)

    def endpoint(self, spec: InstanceSpec) -> Endpoint:
        return Endpoint(str(self.paths(spec).socket), self._bind_host, spec.port)

    def log_tail(self, spec: InstanceSpec) -> str:
        return server_log.tail(self.paths(spec).log)

    def paths(self, spec: InstanceSpec) -> ServerPaths:
        """Say where the instance's files are."""
        return ServerPaths(
            root=self._data_dir / "instances" / str(spec.id),
            socket=self._run_dir / f"{spec.id.hex}.sock",
        )

    @contextmanager
    def _exclusive(self, spec: InstanceSpec) -> Iterator[ServerPaths]:
        """Keep every other start, stop, change and removal of this instance waiting."""
        lock = self._run_dir / f"{spec.id.hex}.lock"
        with _said_in_sentences():
            make_directory(self._run_dir)
            with file_lock.held(lock, timeout_seconds=LOCK_SECONDS):
                yield self.paths(spec)

    def _launch(self, spec: InstanceSpec, paths: ServerPaths, deadline: float) -> ServerProcess:
        if not server_process.is_supported():
            raise ProvisionError(
                "Servers as processes need Linux, whose /proc tells them apart. Choose another "
                "provisioner, or run RedisGate in a container."
            )
        binary = server_binary.resolve(self._wished_binary)
        if self._tls is not None:
            server_binary.require_tls(binary)
        _check_socket_path(paths.socket)
        make_directory(paths.root)
        server_process.forget(paths)
        left = deadline - time.monotonic()
        with server_process.claimed(paths, timeout_seconds=left) as alive_lock:
            check_free(self._bind_host, spec.port)
            self._write_files(spec, paths)
            return server_process.launch(binary, paths, alive_lock)

    def _config(self, spec: InstanceSpec, paths: ServerPaths) -> str:
        return server_config.render(spec, paths, self._bind_host, self._tls)

    def _write_files(self, spec: InstanceSpec, paths: ServerPaths) -> None:
        users = acl.server_file(spec.admin_password, spec.acl_users)
        first_kind = server_persistence.to_start_as(spec.persistence, paths)
        config = self._config(replace(spec, persistence=first_kind), paths)
        make_directory(paths.data)
        write_atomically(paths.config, config)
        write_atomically(paths.acl, users)
        server_log.rotate(paths.log)
        paths.acl_before.unlink(missing_ok=True)


def _reachable(spec: InstanceSpec, paths: ServerPaths) -> ServerProcess | None:
    """Find the running server; one that is cut off ends here, unless its data would go, too."""
    process = server_process.find(paths)
    if process is None or not (is_cut_off(process, paths) and _keeps_data(spec, paths)):
        return process
    server_lifecycle.end_saved(process, timeout_seconds=SAVING_SECONDS)
    return None


def _keeps_data(spec: InstanceSpec, paths: ServerPaths) -> bool:
    """Say whether the server saves its data when it ends, and the next one takes it up."""
    is_kept = server_config.keeps_data(paths.config.read_text())
    return is_kept and spec.persistence is not Persistence.NONE


@contextmanager
def _logged_in(
    spec: InstanceSpec, paths: ServerPaths, timeout_seconds: float
) -> Iterator[AdminConnection]:
    with AdminConnection(
        paths.socket, spec.admin_password, timeout_seconds=timeout_seconds
    ) as connection:
        connection.log_in()
        yield connection


def _check_socket_path(path: Path) -> None:
    if len(bytes(path)) > _SOCKET_PATH_BYTES:
        raise ProvisionError(
            f"The directory for sockets has too long a path: {len(bytes(path))} bytes with the "
            f"socket's name, {_SOCKET_PATH_BYTES} are possible. Choose a shorter one."
        )


@contextmanager
def _said_in_sentences() -> Iterator[None]:
    """Turn what can go wrong on a machine into ProvisionError."""
    try:
        yield
    except file_lock.LockTimeout as error:
        raise ProvisionError(
            "Another change of this instance is still under way. Try again in a moment."
        ) from error
    except ServerError as error:
        said = server_log.without_host_paths(str(error))
        raise ProvisionError(f"The server refused: {said}") from error
    except Unreachable as error:
        raise ProvisionError(f"The server doesn't answer: {error}.") from error
    except ValueError as error:
        raise ProvisionError(f"The instance's settings can't be used: {error}") from error
    except OSError as error:
        raise ProvisionError(
            f"The machine refused: {error.strerror or error}. Check the data directory."
        ) from error

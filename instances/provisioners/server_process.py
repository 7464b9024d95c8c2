"""Find, start and end one server process of this machine, and never another one.

A pid alone says nothing: it may be another process by now. A process is ours when its command
line is the instance's own, it leads its session, and it started when our pid file says so.
The lock that the server inherits says whether there is one at all, even where a crash of ours
fell between starting the server and writing the pid file.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from instances.provisioners import file_lock
from instances.provisioners.private_files import open_to_append, write_atomically
from instances.provisioners.server_config import ServerPaths
from redisgate.lib.process_stat import stat_of

_PROC = Path("/proc")
# Nothing else: our environment holds the platform's secrets.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")

_ORPHAN_SECONDS = 2.0
_STEP_SECONDS = 0.005

_children: dict[Path, subprocess.Popen[bytes]] = {}
"""Servers that this very process started, so that they don't stay zombies when they end."""
_ending: set[subprocess.Popen[bytes]] = set()
"""Former ones whose first thread has ended, but which can't be reaped before all have."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """One process in one life: the start time (clock ticks since boot) tells reused pids apart."""

    pid: int
    start_ticks: int
    boot_id: str

    @property
    def is_alive(self) -> bool:
        """Say whether it still runs; a zombie doesn't."""
        return look(self.pid) == self

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this very process, or to nobody when it is gone."""
        if not _has_pidfd():
            if self.is_alive:
                os.kill(self.pid, number)
            return
        with self._handle() as handle:
            if handle is not None:
                signal.pidfd_send_signal(handle, number)

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for its end and say whether it came."""
        if not _has_pidfd():
            return self._watch(timeout_seconds)
        with self._handle() as handle:
            if handle is None:
                return True
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            return bool(poll.poll(max(timeout_seconds, 0) * 1000))

    def watch(self) -> int | None:
        """Open a descriptor that becomes readable at the end, or None where there is none."""
        if not _has_pidfd():
            return None
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return None
        if self.is_alive:
            return handle
        os.close(handle)
        return None

    def _watch(self, timeout_seconds: float) -> bool:
        deadline = time.monotonic() + timeout_seconds
        while self.is_alive:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_STEP_SECONDS)
        return True

    @property
    def age_seconds(self) -> float:
        uptime = float((_PROC / "uptime").read_text().split()[0])
        return uptime - self.start_ticks / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def _handle(self) -> Iterator[int | None]:
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            yield None
            return
        try:
            # Looked at after opening: from here on the handle can't mean another process. One
            # whose first thread has ended counts too: the others may still be ending.
            yield handle if _start_ticks(self.pid) == self.start_ticks else None
        finally:
            os.close(handle)


def is_supported() -> bool:
    return (_PROC / "self" / "stat").exists()


def command_line(binary: Path, paths: ServerPaths) -> list[str]:
    """Name the arguments of a server: its directory makes them unique, and shows in ``ps``.

    The configuration comes by standard input and the name has no path, because ``INFO`` shows
    both to tenants.
    """
    return [binary.name, "--dir", str(paths.data), "-"]


@contextmanager
def claimed(paths: ServerPaths, *, timeout_seconds: float) -> Iterator[int]:
    """Hold the lock that a server will inherit, so that no other can be started meanwhile.

    Waits while somebody has it: threads of a killed server that are still ending, its children
    that are still saving. Raises LockTimeout.
    """
    alive_lock = file_lock.acquire(paths.alive_lock, timeout_seconds=timeout_seconds)
    try:
        yield alive_lock
    finally:
        os.close(alive_lock)


def launch(binary: Path, paths: ServerPaths, alive_lock: int) -> ServerProcess:
    """Start a server that outlives us and holds the lock as long as it lives.

    Raises OSError when the binary can't be executed.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    with paths.config.open("rb") as config, open_to_append(paths.log) as log:
        child = subprocess.Popen(  # noqa: S603 - no shell, and every argument is ours
            command_line(binary, paths),
            executable=binary,
            cwd="/",
            env=environment,
            stdin=config,
            stdout=log,
            stderr=log,
            pass_fds=(alive_lock,),
            start_new_session=True,
            umask=0o077,
        )
    _let_go(paths)
    _children[paths.root] = child
    # Our own child stays visible, as a zombie at least, until we reap it.
    return ServerProcess(child.pid, _start_ticks(child.pid) or 0, _boot_id())


def reap(paths: ServerPaths) -> None:
    """Collect the exit status of the server, and of former ones, if it was our child."""
    child = _children.get(paths.root)
    if child is not None and child.poll() is not None:
        _children.pop(paths.root, None)
    for former in tuple(_ending):
        if former.poll() is not None:
            _ending.discard(former)


def _let_go(paths: ServerPaths) -> None:
    former = _children.pop(paths.root, None)
    if former is not None and former.poll() is None:
        _ending.add(former)


def find(paths: ServerPaths) -> ServerProcess | None:
    """Find the instance's server, also without a pid file, or None when there is none."""
    reap(paths)
    if not file_lock.is_held(paths.alive_lock):
        return None
    noted = _noted(paths)
    if noted and noted.is_alive and _is_server_of(noted.pid, paths):
        return noted
    found = (look(pid) for pid in _pids() if _is_server_of(pid, paths))
    return next((process for process in found if process), None)


def note(paths: ServerPaths, process: ServerProcess) -> None:
    """Write the pid file."""
    text = f"{process.pid} {process.start_ticks} {process.boot_id}\n"
    write_atomically(paths.pid_file, text)


def forget(paths: ServerPaths) -> None:
    """Clear away what an ended server leaves behind: children that save data, and its files."""
    reap(paths)
    for orphan in _orphans(paths):
        orphan.signal(signal.SIGKILL)
        orphan.wait(_ORPHAN_SECONDS)
    _let_go(paths)
    paths.pid_file.unlink(missing_ok=True)
    paths.socket.unlink(missing_ok=True)


def look(pid: int) -> ServerProcess | None:
    """Look at a pid; None where no process runs under it."""
    stat = stat_of(pid)
    if stat is None or stat.has_ended:
        return None
    return ServerProcess(pid, stat.start_ticks, _boot_id())


def _start_ticks(pid: int) -> int | None:
    stat = stat_of(pid)
    return stat.start_ticks if stat else None


def _noted(paths: ServerPaths) -> ServerProcess | None:
    with suppress(OSError, ValueError):
        pid, start_ticks, boot_id = paths.pid_file.read_text().split()
        return ServerProcess(int(pid), int(start_ticks), boot_id)
    return None


def _is_server_of(pid: int, paths: ServerPaths) -> bool:
    """Say whether the command line is the instance's; children that save data don't count."""
    try:
        arguments = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        leads_session = os.getsid(pid) == pid
    except OSError:
        return False
    # The binary's name may have been another one when the server was started.
    mine = [os.fsencode(argument) for argument in command_line(Path("any"), paths)[1:]]
    return arguments[1 : 1 + len(mine)] == mine and leads_session


def _orphans(paths: ServerPaths) -> Iterator[ServerProcess]:
    """Find the children of the ended server that the pid file names.

    They are in its session, whose number can't be another's while they live, and hold its lock.
    """
    ended = _noted(paths)
    if ended is None or ended.boot_id != _boot_id() or not file_lock.is_held(paths.alive_lock):
        return
    for pid in _pids():
        with suppress(OSError):
            if os.getsid(pid) == ended.pid and _has_open(pid, paths.alive_lock):
                orphan = look(pid)
                if orphan is not None:
                    yield orphan


def _has_open(pid: int, path: Path) -> bool:
    wanted = path.stat()
    files = (_PROC / str(pid) / "fd").iterdir()
    return any(os.path.samestat(file.stat(), wanted) for file in files if file.exists())


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


@cache
def _has_pidfd() -> bool:
    """Say whether the kernel has handles on processes; old ones and some sandboxes don't."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


@cache
def _boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()

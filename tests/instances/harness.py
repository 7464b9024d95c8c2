"""A control plane to try things on: real control loops, real servers, this test's database.

`Loop` turns a controller in the test's own thread; `ControllerProcess` is `manage.py
controller` as operators run it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from instances.controller import Controller
from instances.drivers import driver
from instances.models import Instance, Lease
from instances.provisioners import server_process
from instances.provisioners.base import Provisioner
from instances.provisioners.server_config import ServerPaths
from instances.spec_of_row import address_spec_of
from tests.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).resolve().parents[2]


class Loop:
    """A control loop that runs only while the test waits for something."""

    def __init__(self, driver_of: Callable[[str], Provisioner] = driver, holder: str = "") -> None:
        self.controller = Controller(driver_of=driver_of, holder=holder or None)

    def until(
        self,
        condition: Callable[[], object],
        what: str = "the condition",
        *,
        seconds: float = PATIENCE_SECONDS,
    ) -> None:
        wait_until(condition, what, seconds=seconds, meanwhile=self.controller.turn)

    def until_status(self, instance: Instance, status: str, **options: float) -> None:
        self.until(lambda: fresh(instance).status == status, f"status {status}", **options)


class ControllerProcess:
    """`manage.py controller` as a process of its own."""

    def __init__(self, data_dir: Path, *arguments: str) -> None:
        self.log = data_dir / f"controller-{time.monotonic_ns()}.log"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "redisgate.settings",
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url(),
            "REDIS_URL": "none",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "controller", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    @property
    def leads(self) -> bool:
        lease = Lease.objects.filter(name="controller").first()
        return lease is not None and f":{self.process.pid}:" in lease.holder

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class ControlPlane:
    """Directories of their own for one test, and whatever it starts in them."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._loops: list[Loop] = []
        self._processes: list[ControllerProcess] = []

    def loop(self, driver_of: Callable[[str], Provisioner] = driver, holder: str = "") -> Loop:
        loop = Loop(driver_of, holder)
        self._loops.append(loop)
        return loop

    def controller(self, *arguments: str) -> ControllerProcess:
        """Start `manage.py controller`; wait for `leads` where that matters."""
        process = ControllerProcess(self.data_dir, *arguments)
        self._processes.append(process)
        return process

    def server_pids(self) -> list[int]:
        """Find every server of this control plane, with a row or without."""
        marker = str(self.data_dir / "instances").encode()
        commands = ((entry, _command_line(entry)) for entry in Path("/proc").iterdir())
        return sorted(int(entry.name) for entry, words in commands if marker in words)

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        for loop in self._loops:
            loop.controller.bell.wait(0)
            loop.controller.close()
        for pid in self.server_pids():
            os.kill(pid, signal.SIGKILL)


def fresh(instance: Instance) -> Instance:
    """Read the instance as it is now."""
    return Instance.objects.get(pk=instance.pk)


def is_gone(instance: Instance) -> bool:
    return not Instance.objects.filter(pk=instance.pk).exists()


def paths_of(instance: Instance) -> ServerPaths:
    provisioner = driver("process")
    paths: ServerPaths = provisioner.paths(address_spec_of(instance))  # type: ignore[attr-defined]
    return paths


def pid_of(instance: Instance) -> int | None:
    process = server_process.find(paths_of(instance))
    return process.pid if process else None


@contextmanager
def client(
    instance: Instance, *, user: str = "default", password: str = ""
) -> Iterator["redis.Redis"]:
    """Log in as people do: over TCP, by default with the password of the connection string."""
    now = fresh(instance)
    connection = redis.Redis(
        host="127.0.0.1",
        port=now.port,
        username=user,
        password=password or now.password,
        protocol=2,
        decode_responses=True,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 0),
    )
    with connection:
        yield connection


def answers(instance: Instance) -> bool:
    try:
        with client(instance) as connection:
            return bool(connection.ping())
    except redis.ConnectionError:
        return False


def database_url() -> str:
    """Say where this test's database is, for processes beside us."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes() if process.name.isdigit() else b""
    except OSError:
        return b""

"""A directory with real servers in it, all of which end with the test."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from instances.provisioners import ProcessSettings, server_process
from instances.provisioners.process import ProcessProvisioner
from instances.provisioners.server_config import ServerPaths
from instances.provisioners.server_process import ServerProcess
from instances.spec import InstanceSpec
from tests.instances.provisioners.contract import DEFAULT_PASSWORD, Bench


class Machine(Bench):
    """Make it with ``Machine.open()``, which ends every server however the test ends."""

    def __init__(self, home: Path) -> None:
        self.settings = ProcessSettings(data_dir=home / "data", run_dir=home / "run")
        self._listeners: list[socket.socket] = []

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Machine"]:
        # Short on purpose: sockets live below it.
        home = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
        machine = cls(home)
        try:
            yield machine
        finally:
            machine.close()
            shutil.rmtree(home)

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()
        for root in self.settings.data_dir.glob("instances/*"):
            paths = ServerPaths(root, self.settings.run_dir / "unused.sock")
            if process := server_process.find(paths):
                process.signal(signal.SIGKILL)
                process.wait(10)
            server_process.forget(paths)

    def provisioner(self) -> ProcessProvisioner:
        return ProcessProvisioner(self.settings)

    def crash(self, spec: InstanceSpec) -> None:
        process = self.process(spec)
        process.signal(signal.SIGKILL)
        assert process.wait(10)

    def identity(self, spec: InstanceSpec) -> object:
        return self.process(spec)

    def process(self, spec: InstanceSpec) -> ServerProcess:
        process = server_process.find(self.paths(spec))
        assert process
        return process

    def take_port(self, port: int) -> None:
        listener = socket.create_server(("127.0.0.1", port))
        self._listeners.append(listener)

    def has_data(self, spec: InstanceSpec) -> bool:
        return self.paths(spec).root.exists() or self.paths(spec).socket.exists()

    def paths(self, spec: InstanceSpec) -> ServerPaths:
        return self.provisioner().paths(spec)

    def servers(self, spec: InstanceSpec) -> list[int]:
        """List the processes that serve this instance, looking at the whole machine."""
        data = os.fsencode(self.paths(spec).data)
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and data in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        return found

    @contextmanager
    def client(
        self,
        spec: InstanceSpec,
        user: str = "default",
        password: str = DEFAULT_PASSWORD,
        timeout_seconds: float = 5,
    ) -> Iterator[Redis]:
        """Log in natively, over TCP, on one connection."""
        client = Redis(
            host="127.0.0.1",
            port=spec.port,
            username=user,
            password=password,
            protocol=2,
            decode_responses=True,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=timeout_seconds,
        )
        try:
            yield client
        finally:
            client.close()
            client.connection_pool.disconnect()

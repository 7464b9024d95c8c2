"""A real instance for the console, and redis-cli beside it."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from instances import acl
from instances.drivers import driver
from instances.models import Instance
from instances.spec import Endpoint
from instances.spec_of_row import spec_of
from orgs.models import Organization
from tests.instances.rows import RUNNING
from tests.platform import free_port
from tests.rows import add_instance

SECRET = "canary-of-the-console"


@dataclass(frozen=True)
class RealServer:
    """A server that the process driver runs; its row belongs to whom a test gives it."""

    instance: Instance

    @property
    def endpoint(self) -> Endpoint:
        return driver("process").endpoint(spec_of(self.instance, ()))

    def row(self, organization: Organization, name: str = "Sessions") -> Instance:
        """Insert the instance of this server as one of the organization."""
        same = {
            each: getattr(self.instance, each)
            for each in ("id", "port", "admin_password", "password", "memory_mb")
        }
        return add_instance(organization, name, **{**RUNNING, **same})

    def start(self) -> None:
        driver("process").start(spec_of(self.instance, ()), {})

    def stop(self) -> None:
        driver("process").stop(spec_of(self.instance, ()), {})

    @contextmanager
    def admin(self) -> Iterator["redis.Redis"]:
        with redis.Redis(
            unix_socket_path=self.endpoint.socket_path,
            username=acl.ADMIN_USER,
            password=self.instance.admin_password,
            protocol=2,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            yield client

    def tell(self, *words: bytes | str | int) -> object:
        """Run a command as the platform's own admin."""
        with self.admin() as client:
            return client.execute_command(*words)  # type: ignore[no-untyped-call]

    def redis_cli(
        self, words: Sequence[bytes | str], *, lines: str = "", resp3: bool = False
    ) -> bytes:
        """Print replies to a command, or to lines of input, as redis-cli does on a terminal."""
        options = ["--user", acl.ADMIN_USER, "--no-auth-warning", "--no-raw", *["-3"] * resp3]
        run = subprocess.run(
            ["redis-cli", "-s", str(self.endpoint.socket_path), *options, *words],
            env={"PATH": os.environ["PATH"], "REDISCLI_AUTH": self.instance.admin_password},
            input=lines.encode(),
            capture_output=True,
            check=True,
            timeout=10,
        )
        return run.stdout


@contextmanager
def real_server() -> Iterator[RealServer]:
    """Run a server until the context ends."""
    instance = Instance(
        id=uuid4(),
        port=free_port(),
        memory_mb=256,
        eviction_policy="noeviction",
        persistence="none",
        purpose="store",
        password=SECRET,
        admin_password=f"admin-{SECRET}",
    )
    server = RealServer(instance)
    try:
        server.start()
        yield server
    finally:
        server.stop()

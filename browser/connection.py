"""A connection to one instance's server, with the rights that its purpose needs and no more.

It lives for one request. The server's own ACL draws the line: whoever reads logs in as the user
of the read scope, which can change nothing, whatever we send.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError
from redis.retry import Retry

from browser import refusals
from browser.bounded_socket import BoundedConnection, BoundedUnixConnection
from instances import acl
from instances.acl import Scope
from instances.drivers import driver
from instances.models import Instance
from instances.spec_of_row import address_spec_of
from redisgate.lib.errors import Conflict

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2.0
DATABASES = 16
CLIENT_NAME = "redisgate-browser"
SCANNING = frozenset({"SCAN", "TYPE", "PTTL", "EXISTS", "DBSIZE", "INFO", "MEMORY"})
"""All that is sent where the server's ACL alone would allow more."""

Word = bytes | str | int
Command = tuple[Word, ...]


class Server:
    """A connection that takes words and gives replies as they came, bytes as bytes.

    ``only`` names the commands that may be sent; None leaves that to the server's ACL.
    """

    def __init__(self, client: redis.Redis, only: frozenset[str] | None = None) -> None:
        # What the client makes of some replies loses doubled fields.
        client.response_callbacks.clear()
        self._client = client
        self._only = only

    def send(self, *words: Word) -> Any:
        """Send one command and give its reply; raises RedisError."""
        self._check(words)
        return self._client.execute_command(*words)  # type: ignore[no-untyped-call]

    def gather(self, *commands: Command) -> list[Any]:
        """Send all at once and give the replies, refusals among them."""
        for words in commands:
            self._check(words)
        # The client's own pipeline would log in a second time, on another connection.
        link = self._client.connection
        assert link is not None
        packed = link.pack_commands(commands)  # type: ignore[no-untyped-call]
        link.send_packed_command(packed)  # type: ignore[no-untyped-call]
        return [self._reply(link) for _ in commands]

    def _reply(self, link: Any) -> Any:
        try:
            return link.read_response()
        except ResponseError as refusal:
            return refusal

    def _check(self, words: Command) -> None:
        if self._only is not None and words[0] not in self._only:
            raise ValueError(f"{words[0]!r} is none of the commands of this connection.")


@contextmanager
def reading(instance: Instance, database: int = 0) -> Iterator[Server]:
    """Connect as the user of the read scope, whom the server lets change nothing."""
    with _opened(instance, Scope.READ, database) as server:
        yield server


@contextmanager
def scanning(instance: Instance, database: int = 0) -> Iterator[Server]:
    """Connect with the least rights that include SCAN, for the few commands of `SCANNING`."""
    with _opened(instance, Scope.WRITE, database, only=SCANNING) as server:
        yield server


@contextmanager
def writing(instance: Instance, database: int = 0) -> Iterator[Server]:
    """Connect as the user of the write scope; the caller has asked for the permission."""
    with _opened(instance, Scope.WRITE, database) as server:
        yield server


@contextmanager
def _opened(
    instance: Instance, scope: Scope, database: int, *, only: frozenset[str] | None = None
) -> Iterator[Server]:
    """Connect to the server as the user of a scope.

    Whatever goes wrong in the block, on the way or in the server, becomes a refusal in words.
    """
    with refusals.in_words(instance):
        pool = redis.ConnectionPool(
            **_address(instance),
            **_credentials(instance, scope),
            db=database,
            client_name=CLIENT_NAME,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
        )
        with (
            closing(pool),
            redis.Redis(connection_pool=pool, single_connection_client=True) as client,
        ):
            # Looking at a key must not make it seem used, or eviction would take others.
            Server(client).send("CLIENT", "NO-TOUCH", "ON")
            yield Server(client, only)


def _address(instance: Instance) -> dict[str, Any]:
    endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    if endpoint.remote is not None:
        raise Conflict(
            f"Somebody else runs the server of {instance.name}, so RedisGate doesn't browse it. "
            "Use the command API or a client of your own."
        )
    if endpoint.socket_path is not None:
        return {"connection_class": BoundedUnixConnection, "path": endpoint.socket_path}
    host = "127.0.0.1" if endpoint.host in ("0.0.0.0", "::") else endpoint.host  # noqa: S104
    where = {"host": host or settings.INSTANCE_HOST, "port": endpoint.port}
    return {"connection_class": BoundedConnection, **where}


def _credentials(instance: Instance, scope: Scope) -> dict[str, Any]:
    user = acl.scope_user({scope}, ())
    password = acl.scope_passwords(instance.admin_password)[user]
    return {"username": user, "password": password}

"""A connection to one instance's server, with the rights that its purpose needs and no more.

It lives for one request. The server's own ACL draws the line: whoever reads logs in as the user
of the read scope, which can change nothing, whatever we send.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError
from redis.retry import Retry

from browser import refusals
from browser.own_connection import OverSocket, OverTcp
from instances import acl, own_costs
from instances.acl import Scope
from instances.drivers import driver
from instances.models import Instance
from instances.provisioners import own_traffic
from instances.provisioners.own_traffic import Cost
from instances.simulation import PROBLEM, WAY_OUT
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
    with _opened(instance, Scope.WRITE, database, is_for_person=True) as server:
        yield server


@contextmanager
def _opened(
    instance: Instance,
    scope: Scope,
    database: int,
    *,
    only: frozenset[str] | None = None,
    is_for_person: bool = False,
) -> Iterator[Server]:
    """Connect to the server as the user of a scope.

    What is sent ``is_for_person`` counts as people's traffic, and all else as the platform's.
    Whatever goes wrong in the block, on the way or in the server, becomes a refusal in words.
    """
    with refusals.in_words(instance), _own(instance, address := _address(instance)) as cost:
        pool = redis.ConnectionPool(
            **address,
            **_credentials(instance, scope),
            cost=cost,
            db=database,
            client_name=CLIENT_NAME,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
        )
        with closing(pool), redis.Redis(connection_pool=pool, single_connection_client=True) as it:
            # Looking at a key must not make it seem used, or eviction would take others.
            Server(it).send("CLIENT", "NO-TOUCH", "ON")
            before = replace(cost, commands=Counter(cost.commands))
            try:
                yield Server(it, only)
            finally:
                if is_for_person:
                    cost.reset_to(before)


@contextmanager
def _own(instance: Instance, address: dict[str, Any]) -> Iterator[Cost]:
    """Give what to note costs in; they are told when the conversation has ended."""
    cost = Cost()
    tally = own_traffic.with_server(
        address.get("path", f"{address.get('host')}:{address.get('port')}")
    )
    tally.begin()
    try:
        yield cost
    finally:
        tally.end(cost)
        own_costs.tell(instance.pk, cost)


def _address(instance: Instance) -> dict[str, Any]:
    endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    if endpoint.remote is not None:
        raise Conflict(
            f"Somebody else runs the server of {instance.name}, so RedisGate doesn't browse it. "
            "Use the command API or a client of your own."
        )
    if endpoint.is_simulated:
        raise Conflict(f"{PROBLEM} {WAY_OUT}")
    if endpoint.socket_path is not None:
        return {"connection_class": OverSocket, "path": endpoint.socket_path}
    host = "127.0.0.1" if endpoint.host in ("0.0.0.0", "::") else endpoint.host  # noqa: S104
    return {
        "connection_class": OverTcp,
        "host": host or settings.INSTANCE_HOST,
        "port": endpoint.port,
    }


def _credentials(instance: Instance, scope: Scope) -> dict[str, Any]:
    user = acl.scope_user({scope}, ())
    password = acl.scope_passwords(instance.admin_password)[user]
    return {"username": user, "password": password}

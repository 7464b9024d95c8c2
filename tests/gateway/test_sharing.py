"""Whose commands ride on which connection, on a real server."""

from dataclasses import replace
from uuid import uuid4

import pytest

from gateway.exchange import Outcome
from instances import acl
from instances.acl import Scope
from redisgate.lib.resp import pack
from tests.gateway.parts import Client, Connect, Key, Server
from tests.waiting import until

WRITE, READ = acl.scope_user({Scope.WRITE}, ()), acl.scope_user({Scope.READ}, ())


INCR = pack([[b"INCR", b"n"]])


def ignore(outcome: Outcome) -> None:
    """Send without waiting."""


def share(client: Client) -> Client:
    """Let the keys of this client share connections."""
    client.place = replace(client.place, shared_passwords=acl.scope_passwords("admin-token"))
    client.writer = replace(client.writer, scope_user=WRITE)
    client.reader = replace(client.reader, scope_user=READ)
    return client


@pytest.fixture
def sharing(client: Client) -> Client:
    return share(client)


def another(client: Client, scope_user: str = "") -> Key:
    """Make a key that the server doesn't know."""
    name = uuid4().hex
    return Key(client.writer.organization_id, f"rg_{name}", name, scope_user=scope_user)


def users(server: Server) -> list[str]:
    clients = server.admin().client_list()
    return sorted(it["user"] for it in clients if it["user"] != acl.ADMIN_USER)


async def test_a_thousand_keys_are_one_connection(sharing: Client, server: Server) -> None:
    for n in range(1000):
        key = another(sharing, WRITE)
        assert await sharing.command("INCR", "n", key=key) == (200, {"result": n + 1})
    assert users(server) == [WRITE]


async def test_each_scope_has_its_own_rights(sharing: Client, server: Server) -> None:
    assert (await sharing.command("SET", "a", "1"))[0] == 200
    status, answer = await sharing.command("SET", "a", "2", key=sharing.reader)
    assert (status, "NOPERM" in str(answer)) == (400, True)
    assert users(server) == [READ, WRITE]


async def test_a_key_whose_rights_nobody_shares_rides_alone(
    sharing: Client, server: Server
) -> None:
    narrow = Key(sharing.writer.organization_id)
    await sharing.command("SET", "a", "1", key=narrow)
    assert users(server) == [narrow.acl_user]


async def test_where_keys_must_not_share_each_has_its_own(sharing: Client, server: Server) -> None:
    sharing.place = replace(sharing.place, shared_passwords={})
    await sharing.command("SET", "a", "1")
    await sharing.command("GET", "a", key=sharing.reader)
    assert users(server) == ["rg_reader", "rg_writer"]


async def test_who_broke_a_shared_connection_rides_alone_for_a_while(
    server: Server, connect: Connect
) -> None:
    client = share(connect(server, response_bytes=100_000))
    await client.command("SET", "big", "x" * 1_000_000)
    status, answer = await client.command("GET", "big")
    assert (status, "Limit: 100000 bytes" in str(answer)) == (400, True)
    await client.command("GET", "big")
    await client.command("PING")
    await client.command("PING", key=another(client, WRITE))
    await until(lambda: users(server) == [WRITE, "rg_writer"])


async def test_a_full_shared_connection_refuses_nobody(server: Server, connect: Connect) -> None:
    client = share(connect(server, outstanding_bytes=1000))
    await client.command("PING")
    server.tell("CLIENT", "PAUSE", "300", "WRITE")
    client.upstreams.submit(client.place, another(client, WRITE), INCR * 50, 50, ignore)
    assert (await client.command("ECHO", "x" * 300)) == (200, {"result": "x" * 300})
    assert users(server) == [WRITE, "rg_writer"]


async def test_the_scopes_user_unknown_to_the_server_is_no_matter_of_the_key(
    server: Server, connect: Connect
) -> None:
    client = share(connect(server, connect_patience_seconds=0.02))
    client.place = replace(client.place, shared_passwords={WRITE: "wrong"})
    status, answer = await client.command("PING")
    assert (status, "was not sent" in str(answer)) == (503, True)


async def test_connections_to_an_instance_are_bounded_and_the_longest_unused_ends_first(
    server: Server, connect: Connect
) -> None:
    client = connect(server, connections=2, command_seconds=0.4, connect_patience_seconds=5)
    await client.command("PING")
    # Rest begins with a sweep, and two that began it in the same one have rested equally long.
    await until(lambda: client.upstreams.statistics().connections_in_use == 0)
    assert client.upstreams.statistics().connections_of_fullest == 0
    await client.command("PING", key=client.reader)
    assert await client.command("PING", key=client.single) == (200, {"result": "PONG"})
    await until(lambda: users(server) == ["rg_reader", "rg_single"])
    assert client.upstreams.statistics().connections_lost == 0


async def test_when_all_connections_are_at_work_others_are_told_the_bound(
    server: Server, connect: Connect
) -> None:
    client = connect(server, connections=1, connect_patience_seconds=0.1)
    await client.command("PING")
    server.tell("CLIENT", "PAUSE", "2000", "WRITE")
    client.upstreams.submit(client.place, client.writer, INCR, 1, ignore)
    assert client.upstreams.statistics().connections_of_fullest == 1
    status, answer = await client.command("PING", key=client.reader)
    server.tell("CLIENT", "UNPAUSE")
    assert (status, "Limit: 1 connections" in str(answer)) == (503, True)

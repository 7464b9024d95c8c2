"""What the console says of rights is what the server does."""

import asyncio

import pytest
import redis

from console.link import Link, Server
from console.manual import Manual, manual_of
from console.rights import chosen, scopes_of
from instances import acl
from instances.acl import Scope
from orgs.roles import Role
from tests.console.servers import RealServer


@pytest.fixture
def manual(server: RealServer) -> Manual:
    user = Server(server.endpoint, acl.ADMIN_USER, server.instance.admin_password)

    async def read() -> Manual:
        link = await Link.dial(user)
        try:
            return await manual_of(link, is_ours=False)
        finally:
            link.close()

    return asyncio.run(read())


@pytest.mark.parametrize("scope", list(Scope))
def test_manual_allows_what_the_server_allows(
    server: RealServer, manual: Manual, scope: Scope
) -> None:
    user = acl.scope_user({scope}, ())
    with server.admin() as admin:
        admin.response_callbacks.clear()
        for listed in manual.listed(scope):
            words = listed["name"].encode().split()
            answer = _dry_run(admin, user, words)
            is_refused = b"no permissions to run" in answer
            assert manual.may_run(scope, words) is not is_refused, (listed["name"], answer)


def _dry_run(admin: "redis.Redis", user: str, words: list[bytes]) -> bytes:
    """Ask the server itself; it wants to see as many arguments as the command needs."""
    [info] = admin.execute_command("COMMAND", "INFO", b"|".join(words))  # type: ignore[no-untyped-call]
    filled = words + [b"1"] * (abs(info[1]) - len(words))
    try:
        answer = admin.execute_command("ACL", "DRYRUN", user, *filled)  # type: ignore[no-untyped-call]
    except redis.ResponseError as error:
        return str(error).encode()
    assert isinstance(answer, bytes)
    return answer


def test_keys_are_found_where_the_server_knows_them(manual: Manual) -> None:
    assert manual.keys_of([b"MSET", b"a", b"1", b"b", b"2"]) == [b"a", b"b"]
    assert manual.keys_of([b"get", b"a"]) == [b"a"]
    assert manual.keys_of([b"DEL", b"a", b"b"]) == [b"a", b"b"]
    assert manual.keys_of([b"PING"]) == []
    assert manual.keys_of([b"NOPE", b"a"]) == []


def test_each_role_has_its_scope_and_those_below() -> None:
    assert scopes_of(Role.VIEWER) == ["read"]
    assert scopes_of(Role.DEVELOPER) == ["write", "read"]
    assert scopes_of(Role.OWNER) == scopes_of(Role.ADMIN) == ["admin", "write", "read"]
    assert chosen(Role.DEVELOPER, "admin") is Scope.WRITE
    assert chosen(Role.VIEWER, "nonsense") is Scope.READ
    assert chosen(Role.OWNER, "read") is Scope.READ

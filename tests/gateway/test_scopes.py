"""Scopes read by us are what a server would make of the same rules, and a little less."""

import socket

import pytest
import redis

from gateway import scopes
from gateway.resp import NOT_YET, Reply, reader
from gateway.scopes import NotListed, Table
from instances.acl import Scope
from redisgate.lib.resp import pack
from tests.gateway.parts import Server

USERS = {Scope.READ: "rg_reader", Scope.WRITE: "rg_writer", Scope.ADMIN: "rg_operator"}
NARROWER = {"flushall", "flushdb", "keys", "move", "swapdb"}
"""What we keep for the scope admin though the rules give it to others."""
ALWAYS = {b"auth", b"hello", b"quit", b"reset"}
"""What a server lets everybody do; none of it ever comes this far."""


@pytest.fixture
def table(server: Server) -> Table:
    return scopes.read(listed(server))


def listed(server: Server) -> Reply:
    replies: list[Reply] = []
    reading = reader()
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(5)
        link.connect(server.socket_path)
        link.sendall(pack([["AUTH", "rg-admin", "admin-token"], ["COMMAND"]]))
        while len(replies) < 2:
            reading.feed(link.recv(1 << 20))
            while (reply := reading.gets()) is not NOT_YET:
                replies.append(reply)
    return replies[1]


@pytest.mark.parametrize("scope", list(Scope))
def test_every_command_is_judged_as_the_server_judges_it(
    server: Server, table: Table, scope: Scope
) -> None:
    differing, admin = [], server.admin()
    for leaf in table.leaves:
        words = [word.encode() for word in leaf.name.decode().split("|")] + [b"a"] * 8
        ours = not table.refusal({scope}, words)
        is_script = b"@scripting" in leaf.categories
        is_kept = scope is not Scope.ADMIN and (is_script or leaf.parent.decode() in NARROWER)
        if leaf.name in ALWAYS:
            continue
        if is_kept:
            assert not ours, leaf.name
        elif ours != theirs(admin, USERS[scope], words):
            differing.append(leaf.name)
    assert differing == []


def theirs(admin: redis.Redis, user: str, words: list[bytes]) -> bool:
    """Ask the server whether its user might; a wrong number of arguments is asked again."""
    asked = [word.decode() for word in words]
    for count in range(len(asked), 0, -1):
        try:
            answer = admin.execute_command("ACL", "DRYRUN", user, *asked[:count])  # type: ignore[no-untyped-call]
        except redis.ResponseError as error:
            if "wrong number" in str(error) or "Invalid" in str(error):
                continue
            raise
        return b"permissions to run" not in bytes(answer)
    return False


@pytest.mark.parametrize(
    "words",
    [
        [b"EVAL", b"return 1", b"0"],
        [b"eval_ro", b"return 1", b"0"],
        [b"FCALL_RO", b"f", b"0"],
        [b"SCRIPT", b"LOAD", b"x"],
        [b"FLUSHALL"],
        [b"FlushDB", b"ASYNC"],
        [b"SWAPDB", b"0", b"1"],
        [b"MOVE", b"k", b"1"],
        [b"COPY", b"a", b"b", b"db", b"1"],
        [b"KEYS", b"*"],
        [b"CONFIG", b"SET", b"maxmemory", b"1"],
        [b"CLIENT", b"LIST"],
        [b"SHUTDOWN"],
        [b"ACL", b"SETUSER", b"x"],
        [b"MODULE", b"LOAD", b"/x"],
    ],
)
def test_write_key_reaches_no_further_than_its_database(table: Table, words: list[bytes]) -> None:
    assert table.refusal({Scope.WRITE}, words).startswith("NOPERM")
    assert table.refusal({Scope.READ}, words)


def test_write_key_may_do_the_usual(table: Table) -> None:
    for words in (
        [b"set", b"k", b"v"],
        [b"Get", b"k"],
        [b"COPY", b"a", b"b"],
        [b"OBJECT", b"HELP"],
    ):
        assert table.refusal({Scope.READ, Scope.WRITE}, words) == ""


@pytest.mark.parametrize(
    "name",
    [
        b"nosuch",
        b"config|get",
        b"get\0",
        b"GET ",
        "\uff27\uff25\uff34".encode(),
        b"",
        b"client|list",
    ],
)
def test_name_that_the_server_does_not_list_is_unknown(table: Table, name: bytes) -> None:
    assert "unknown command" in table.refusal({Scope.ADMIN}, [name, b"x"])


@pytest.mark.parametrize("sub", [b"nosuch", b"list\0", b"LIST ", b""])
def test_unknown_subcommand_is_refused(table: Table, sub: bytes) -> None:
    assert table.refusal({Scope.ADMIN}, [b"CLIENT", sub])
    assert table.refusal({Scope.ADMIN}, [b"CLIENT"])


def test_server_of_the_sixth_generation_names_no_subcommands() -> None:
    old = scopes.read(
        [
            [b"get", 2, [], 1, 1, 1, [b"@read", b"@string", b"@fast"]],
            [b"client", -2, [], 0, 0, 0, [b"@admin", b"@slow", b"@dangerous", b"@connection"]],
            [b"script", -2, [], 0, 0, 0, [b"@slow", b"@scripting"]],
        ]
    )
    assert old.refusal({Scope.READ}, [b"GET", b"k"]) == ""
    assert old.refusal({Scope.WRITE}, [b"CLIENT", b"ID"]) == ""
    assert old.refusal({Scope.WRITE}, [b"CLIENT", b"LIST"])
    assert old.refusal({Scope.WRITE}, [b"SCRIPT", b"LOAD", b"x"])


@pytest.mark.parametrize("reply", [None, 1, b"x", [b"get"], [[b"get", 2, [], 1, 1, 1]]])
def test_server_that_does_not_say_what_commands_do_is_not_trusted(reply: object) -> None:
    with pytest.raises(NotListed):
        scopes.read(reply)  # type: ignore[arg-type]

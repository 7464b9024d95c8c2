"""Every command that the server has, by keys of each scope, alone, in pipelines and transactions.

What may run is said by the server itself (ACL DRYRUN) and by one table of what the gateway keeps
from a connection that others share.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.gateway.caller import Caller
from tests.gateway.parts import Client, Key, Server
from tests.gateway.raw_http import Answer

KEPT_FROM_SHARED_CONNECTIONS = {
    "auth", "hello", "select", "quit", "reset", "asking", "readonly", "readwrite", "multi",
    "exec", "discard", "watch", "unwatch", "subscribe", "psubscribe", "ssubscribe",
    "unsubscribe", "punsubscribe", "sunsubscribe", "monitor", "sync", "psync", "replconf",
    "script|debug", "blpop", "brpop", "blmove", "brpoplpush", "blmpop", "bzpopmin",
    "bzpopmax", "bzmpop", "wait", "waitaof",
}  # fmt: skip
# Whatever a later server adds to CLIENT belongs to the connection until somebody has looked.
CLIENT_SUBCOMMANDS_OFFERED = {
    "getname", "getredir", "help", "id", "info", "kill", "list", "trackinginfo", "unblock",
    "unpause",
}  # fmt: skip
BLOCKING_BY_OPTION = {"xread", "xreadgroup"}


@dataclass(frozen=True)
class Known:
    """A command as the server describes it."""

    name: str
    words: list[str]
    is_barred_from_transactions: bool
    is_blocking: bool

    @property
    def is_kept(self) -> bool:
        parent, _, child = self.name.partition("|")
        if parent == "client":
            return child not in CLIENT_SUBCOMMANDS_OFFERED
        return self.name in KEPT_FROM_SHARED_CONNECTIONS


async def commands_of(client: Client) -> list[Known]:
    admin = Key(client.place.organization_id, "rg-admin", "admin-token")
    names = await client.raw(b"COMMAND", b"LIST", key=admin)
    assert isinstance(names, list)
    described = await client.raw(b"COMMAND", b"INFO", *names, key=admin)  # type: ignore[arg-type]
    assert isinstance(described, list)
    return [_known(entry) for entry in described if not entry[9]]  # type: ignore[index, arg-type]


def _known(entry: list[object]) -> Known:
    name, arity, flags = entry[0], entry[1], entry[2]
    assert isinstance(name, bytes)
    assert isinstance(arity, int)
    assert isinstance(flags, list)
    words = name.decode().split("|")
    words += ["1"] * (abs(arity) - len(words))
    return Known(name.decode(), words, b"no_multi" in flags, b"blocking" in flags)


@pytest_asyncio.fixture
async def commands(client: Client) -> list[Known]:
    return await commands_of(client)


async def send_single(caller: Caller, words: list[str], key: str) -> str:
    answer = await caller.post(words, key=key)
    return answer.error if answer.status == 400 else ""


async def send_in_pipeline(caller: Caller, words: list[str], key: str) -> str:
    answer = await caller.post([["ECHO", "before"], words, ["ECHO", "after"]], "/pipeline", key=key)
    before, result, after = _results(answer)
    assert (before, after) == ({"result": "before"}, {"result": "after"})
    return result.get("error") or ""


async def send_in_transaction(caller: Caller, words: list[str], key: str) -> str:
    answer = await caller.post([["ECHO", "before"], words], "/multi-exec", key=key)
    if answer.status == 400:
        return answer.error
    before, result = _results(answer)
    assert before == {"result": "before"}
    return result.get("error") or ""


def _results(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200, answer
    assert isinstance(answer.json, list)
    return answer.json


def is_allowed(server: Server, user: str, words: list[str]) -> bool:
    said = server.admin().acl_dryrun(user, *words)
    assert said == b"OK" or b"has no permissions to run" in said, said
    return bool(said == b"OK")


def verdict(error: str, *, in_transaction: bool) -> str:
    if error.startswith("ERR Command is not available"):
        return "kept by the gateway"
    # A command that was not even queued; its arity is right, so it was the ACL.
    is_refused = error.startswith("EXECABORT" if in_transaction else "NOPERM")
    # What the server's own configuration forbids is refused before the ACL is asked.
    if is_refused or "command not allowed. If the enable-" in error:
        return "refused by the server"
    return "allowed"


@pytest.mark.parametrize("scope", ["reader", "writer", "operator"])
@pytest.mark.parametrize("send", [send_single, send_in_pipeline, send_in_transaction])
async def test_every_command_is_allowed_or_refused_as_the_server_would(
    caller: Caller, server: Server, commands: list[Known], scope: str, send: object
) -> None:
    in_transaction = send is send_in_transaction
    surprises: dict[str, str] = {}
    seen: set[str] = set()
    for command in commands:
        expected = "refused by the server"
        if command.is_kept:
            expected = "kept by the gateway"
        elif in_transaction and command.is_barred_from_transactions:
            pass
        elif is_allowed(server, f"rg_{scope}", command.words):
            expected = "allowed"
        error = await send(caller, command.words, f"{scope}-token")  # type: ignore[operator]
        found = verdict(error, in_transaction=in_transaction)
        seen.add(found)
        if found != expected:
            surprises[command.name] = f"{found} instead of {expected}: {error}"
        if found != "allowed":
            nonce = uuid4().hex
            assert await caller.run("ECHO", nonce, key=f"{scope}-token") == nonce
    assert surprises == {}
    assert seen == {"allowed", "refused by the server", "kept by the gateway"}
    assert len(commands) > 350


async def test_nothing_that_blocks_is_forgotten(commands: list[Known]) -> None:
    blocking = {command.name for command in commands if command.is_blocking}
    assert blocking - KEPT_FROM_SHARED_CONNECTIONS == BLOCKING_BY_OPTION


async def test_the_table_names_no_command_that_does_not_exist(commands: list[Known]) -> None:
    names = {command.name for command in commands}
    assert KEPT_FROM_SHARED_CONNECTIONS - names == set()


LIBRARY = """#!lua name=lib
redis.register_function('writes', function(keys) return redis.call('SET', keys[1], 'x') end)
redis.register_function{function_name='claims_to_read', flags={'no-writes'},
  callback=function(keys) return redis.call('SET', keys[1], 'x') end}
redis.register_function{function_name='peeks', flags={'no-writes'},
  callback=function(keys, argv) return redis.call('GET', argv[1]) end}
"""
SET = "return redis.call('SET', 'mine:a', 'x')"


def escapes() -> Iterator[tuple[str, list[str], str]]:
    """Give keys, what they try inside scripts, and how the refusal begins."""
    for user in ("reader", "peek"):
        yield user, ["EVAL", SET, "0"], "NOPERM"
        yield user, ["EVAL", SET, "1", "mine:a"], "NOPERM"
        yield user, ["SCRIPT", "LOAD", SET], "NOPERM"
        yield user, ["EVALSHA", "0" * 40, "0"], "NOPERM"
        yield user, ["FCALL", "writes", "1", "mine:a"], "NOPERM"
        yield user, ["FUNCTION", "FLUSH"], "NOPERM"
        yield user, ["EVAL_RO", SET, "0"], "ERR"
        yield user, ["EVAL_RO", SET.replace("call", "pcall"), "1", "mine:a"], "ERR"
        yield user, ["EVAL_RO", "#!lua\n" + SET, "1", "mine:a"], "ERR"
        yield user, ["FCALL_RO", "writes", "1", "mine:a"], "ERR"
        yield user, ["FCALL_RO", "claims_to_read", "1", "mine:a"], "ERR"
        yield user, ["EVAL_RO", "return redis.call('CONFIG', 'GET', '*')", "0"], "ERR"
    for user in ("narrow", "peek"):
        read = "return redis.call('GET', 'yours:a')"
        yield user, ["GET", "yours:a"], "NOPERM"
        yield user, ["EVAL_RO", read, "0"], "ERR"
        yield user, ["EVAL_RO", read, "1", "mine:a"], "ERR"
        yield user, ["EVAL_RO", "return 1", "1", "yours:a"], "NOPERM"
        yield user, ["FCALL_RO", "peeks", "1", "mine:a", "yours:a"], "ERR"
        yield user, ["FCALL_RO", "peeks", "1", "yours:a", "mine:a"], "NOPERM"
        yield user, ["SORT_RO", "mine:list", "BY", "yours:*", "GET", "yours:*"], ""
    yield "narrow", ["EVAL", "return redis.call('SET', 'yours:a', 'x')", "0"], "ERR"
    yield "narrow", ["EVAL", "return redis.call('RENAME', 'mine:b', 'yours:a')", "0"], "ERR"
    yield "narrow", ["EVAL", "return redis.call('FLUSHALL')", "0"], "ERR"
    yield "narrow", ["EVAL", "return redis.call('SCAN', '0')", "0"], "ERR"
    yield "narrow", ["EVAL", "return redis.call('PUBLISH', 'yours', 'x')", "0"], "ERR"
    yield "narrow", ["FUNCTION", "LOAD", "REPLACE", LIBRARY], "NOPERM"
    yield "writer", ["EVAL", "return redis.call('CONFIG', 'SET', 'maxmemory', '1')", "0"], "ERR"
    yield "writer", ["EVAL", "return redis.call('ACL', 'LIST')", "0"], "ERR"
    yield "operator", ["EVAL", "return redis.call('ACL', 'SETUSER', 'x')", "0"], "ERR"
    yield "operator", ["EVAL", "return redis.call('SHUTDOWN')", "0"], "ERR"


@pytest.mark.parametrize(
    ("user", "words", "error"),
    [pytest.param(*case, id=f"{n}: {case[0]} {case[1][0]}") for n, case in enumerate(escapes())],
)
async def test_a_script_does_no_more_than_its_key(
    caller: Caller, server: Server, user: str, words: list[str], error: str
) -> None:
    server.tell("FUNCTION", "LOAD", "REPLACE", LIBRARY)
    values = {"mine:a": b"1", "mine:b": b"2", "yours:a": b"secret"}
    admin = server.admin()
    admin.mset(values)
    admin.rpush("mine:list", "a")

    answer = await caller.post(words, key=f"{user}-token")

    assert answer.status == 400
    assert answer.error.startswith(error)
    assert "secret" not in answer.error
    assert admin.mget(*values) == list(values.values())
    nonce = uuid4().hex
    assert await caller.run("ECHO", nonce, key=f"{user}-token") == nonce

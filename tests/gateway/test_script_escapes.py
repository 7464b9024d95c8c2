"""What keys try inside scripts and functions, through both doors and in every form."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.gateway.doors import Door, door, port
from tests.gateway.forms import FORMS, Form
from tests.gateway.parts import Server

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARY = """#!lua name=lib
redis.register_function('writes', function(keys) return redis.call('SET', keys[1], 'x') end)
redis.register_function{function_name='claims_to_read', flags={'no-writes'},
  callback=function(keys) return redis.call('SET', keys[1], 'x') end}
redis.register_function{function_name='peeks', flags={'no-writes'},
  callback=function(keys, argv) return redis.call('GET', argv[1]) end}
"""
SET = "return redis.call('SET', 'mine:a', 'x')"
VALUES = {"mine:a": b"1", "mine:b": b"2", "yours:a": b"secret"}


def escapes() -> Iterator[tuple[str, list[str], str]]:
    """Give keys, what they try inside scripts, and how its refusal begins."""
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
    ("user", "words", "beginning"),
    [pytest.param(*case, id=f"{n}: {case[0]} {case[1][0]}") for n, case in enumerate(escapes())],
)
async def test_a_script_does_no_more_than_its_key(
    door: Door, server: Server, user: str, words: list[str], beginning: str
) -> None:
    admin = server.admin()
    admin.function_load(LIBRARY, replace=True)
    admin.mset(VALUES)
    admin.rpush("mine:list", "a")
    wire, token = (await door.caller()).wire, f"{user}-token"

    for form in FORMS.values():
        answer = await wire.exchange(form.request(door, words, token))
        error = form.error(answer)
        assert error.startswith(("EXECABORT", beginning) if is_queued(form) else beginning)
        assert error
        assert b"secret" not in answer.body
        assert admin.mget(*VALUES) == list(VALUES.values())
        nonce = uuid4().hex
        echoed = await wire.exchange(door.posted("", ["ECHO", nonce], token=token))
        assert echoed.json == {"result": nonce}


def is_queued(form: Form) -> bool:
    """Tell whether a refusal of the ACL leaves the words to EXEC."""
    return form is FORMS["transaction"]

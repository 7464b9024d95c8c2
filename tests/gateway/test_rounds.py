"""Commands that need more than one exchange, against a real server."""

import hashlib

import orjson
import pytest

from gateway import raw, rounds
from gateway.errors import InstanceUnreachable
from gateway.parsing import Kind, Request
from gateway.raw import Raw
from gateway.resp import Command, ErrorReply, Reply
from tests.gateway.parts import Client, Key, Server

FLAGGED = "#!lua flags=allow-key-locking\nreturn redis.call('incrby', KEYS[1], ARGV[1])"


def pairs(reply: object) -> dict[str, str]:
    assert isinstance(reply, dict)
    cursor, flat = reply["result"]
    assert cursor == "0"
    return dict(zip(flat[::2], flat[1::2], strict=True))


async def test_scan_tells_the_type_of_each_key(client: Client, server: Server) -> None:
    server.tell("MSET", "s", "1", "t", "2")
    server.tell("RPUSH", "l", "x")
    server.tell("XADD", "x", "*", "a", "b")
    status, reply = await client.command("SCAN", 0, "WITHTYPE", "COUNT", 1000)
    assert status == 200
    assert pairs(reply) == {"s": "string", "t": "string", "l": "list", "x": "stream"}
    assert pairs((await client.command("SCAN", 0, "MATCH", "none*", "WITHTYPE"))[1]) == {}


async def test_more_keys_than_are_asked_for_at_once(client: Client, server: Server) -> None:
    wanted = {f"k{number}": "string" for number in range(2 * rounds.TYPES_AT_ONCE + 3)}
    server.tell("MSET", *(word for key in wanted for word in (key, "1")))
    _, reply = await client.command("SCAN", 0, "COUNT", 100_000, "WITHTYPE")
    assert pairs(reply) == wanted


async def test_a_pipeline_keeps_order_and_runs_once(client: Client, server: Server) -> None:
    commands = [
        ["INCR", "n"],
        ["MONITOR"],
        ["SCAN", "0", "WITHTYPE"],
        ["ACL", "RESTTOKEN", "rg_writer", "writer-token"],
        ["INCR", "n"],
        ["SCAN", "0", "withtype", "MATCH", "x"],
        ["ACL", "RESTTOKEN"],
        ["DEL", "n"],
    ]
    status, answers = await client.send(path="/pipeline", body=orjson.dumps(commands))
    assert status == 200
    assert isinstance(answers, list)
    assert answers.pop(1)["error"].startswith("ERR Command is not available: 'MONITOR'")
    assert answers == [
        {"result": 1},
        {"result": ["0", ["n", "none"]]},  # gone by the time its type is asked for
        {"result": "writer-token"},
        {"result": 2},
        {"result": ["0", []]},
        {"error": "ERR wrong number of arguments for 'acl|resttoken' command"},
        {"result": 1},
    ]


async def test_a_transaction_is_refused_as_a_whole(client: Client, server: Server) -> None:
    for command in (["SCAN", "0", "WITHTYPE"], ["ACL", "RESTTOKEN", "a", "b"]):
        body = orjson.dumps([["SET", "a", "1"], command])
        status, answer = await client.send(path="/multi-exec", body=body)
        assert status == 400
        assert "can't be part of a transaction" in str(answer)
    assert await client.command("EXISTS", "a") == (200, {"result": 0})


async def test_a_user_who_may_not_scan_is_told_so(client: Client) -> None:
    status, answer = await client.command("SCAN", 0, "WITHTYPE", key=client.reader)
    assert status == 400
    assert "NOPERM" in str(answer)


async def scanned(_payload: bytes, _expected: int) -> list[Reply]:
    return [ErrorReply("NOPERM no permissions to run the 'type' command")]


async def test_a_user_who_may_not_ask_for_types_gets_the_refusal() -> None:
    answer = await rounds.with_types([b"0", [b"a"]], scanned)
    assert isinstance(answer, ErrorReply)
    assert answer.text.startswith("NOPERM ")


@pytest.mark.parametrize("odd", [b"x", None, [b"0"], [b"0", b"x"]])
async def test_what_is_no_reply_of_scan_is_passed_on(odd: Reply) -> None:
    assert await rounds.with_types(odd, scanned) == odd


async def test_the_rest_of_a_pipeline_is_answered_when_the_types_do_not_come(
    client: Client, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: object) -> Reply:
        raise InstanceUnreachable

    monkeypatch.setattr(rounds, "with_types", unreachable)
    body = orjson.dumps([["INCR", "n"], ["SCAN", "0", "WITHTYPE"]])
    status, answers = await client.send(path="/pipeline", body=body)
    assert status == 200
    assert isinstance(answers, list)
    assert answers[0] == {"result": 1}
    assert answers[1]["error"].startswith("ERR the instance is not reachable")
    assert (await client.command("SCAN", 0, "WITHTYPE"))[0] == 503


@pytest.mark.parametrize(
    ("user", "password", "answer"),
    [
        ("rg_reader", "reader-token", {"result": "reader-token"}),
        ("rg_reader", "writer-token", None),
        ("rg_writer", "nonsense", None),
        ("nobody", "", None),
        ("ü", "\xff", None),
        ("rg_writer", "x" * 5000, None),
    ],
)
async def test_a_token_is_its_users_password(
    client: Client, user: str, password: str, answer: dict[str, str] | None
) -> None:
    refusal = {"error": f'ERR Wrong password or user "{user}" does not exist'}
    status, given = await client.command("acl", "resttoken", user, password)
    assert (status, given) == ((200, answer) if answer else (400, refusal))


async def test_the_default_user_has_no_token(client: Client) -> None:
    status, answer = await client.command("ACL", "RESTTOKEN", "default", "x")
    assert status == 400
    assert "Create an API key" in str(answer)


async def test_a_key_of_elsewhere_has_no_token_here(client: Client) -> None:
    foreign = Key(client.place.instance_id, "rg_foreign", "foreign-token")
    client.keys[foreign.token] = foreign
    status, answer = await client.command("ACL", "RESTTOKEN", "rg_foreign", "foreign-token")
    assert status == 400
    assert "does not exist" in str(answer)


async def test_a_flagged_script_works_in_every_form(client: Client) -> None:
    digest = hashlib.sha1(FLAGGED.encode(), usedforsecurity=False).hexdigest()
    status, answer = await client.command("EVALSHA", digest, 1, "n", 1)
    assert (status, str(answer)) == (
        400,
        "{'error': 'NOSCRIPT No matching script. Please use EVAL.'}",
    )
    assert await client.command("EVAL", FLAGGED, 1, "n", 2) == (200, {"result": 2})
    assert await client.command("EVALSHA", digest, 1, "n", 3) == (200, {"result": 5})
    for path in ("/pipeline", "/multi-exec"):
        await client.command("SCRIPT", "FLUSH")
        commands = [
            ["SCRIPT", "EXISTS", digest],
            ["SCRIPT", "LOAD", FLAGGED],
            ["SCRIPT", "EXISTS", digest, "f" * 40],
            ["EVALSHA", digest.upper(), 1, "m", 1],
        ]
        status, answers = await client.send(path=path, body=orjson.dumps(commands))
        assert isinstance(answers, list)
        assert [a["result"] for a in answers[:3]] == [[0], digest, [1, 0]]
        assert answers[3]["result"] in {1, 2}


@pytest.mark.parametrize(
    ("commands", "reply"),
    [
        ([["SET", "a", "OK"]], b"+OK\r\n"),
        ([["SET", "a", "OK"], ["GET", "a"]], b"+OK\r\n$2\r\nOK\r\n"),
        ([["MGET", "a", "no"]], b"*2\r\n$-1\r\n$-1\r\n"),
        ([["RPUSH", "l", "x"], ["LRANGE", "l", "0", "-1"]], b":1\r\n*1\r\n$1\r\nx\r\n"),
        (
            [["EVAL", "return {1,{},{false,'a'}}", "0"]],
            b"*3\r\n:1\r\n*0\r\n*2\r\n$-1\r\n$1\r\na\r\n",
        ),
        ([["RESET"], ["PING"]], b"-ERR Command is not available: 'RESET'. "),
        ([["LPOP", "a", "b", "c"]], b"-ERR wrong number of arguments for 'lpop' command\r\n"),
        ([["SCAN", "0", "WITHTYPE"]], b"*2\r\n$1\r\n0\r\n*0\r\n"),
        ([["ACL", "RESTTOKEN", "rg_writer", "writer-token"]], b"$12\r\nwriter-token\r\n"),
        ([["EVALSHA", "f" * 40, "0"]], b"-NOSCRIPT No matching script.\r\n"),
    ],
)
async def test_resp2_is_what_the_server_says(
    client: Client, commands: list[list[str]], reply: bytes
) -> None:
    packed: list[Command] = [[word.encode() for word in command] for command in commands]
    response = await client.run(Request(Kind.PIPELINE, packed, is_resp2=True))
    assert (response.status, response.content_type) == (200, "application/octet-stream")
    assert response.body.startswith(reply)


async def test_resp2_hides_the_paths_of_the_host_too(client: Client) -> None:
    request = Request(Kind.SINGLE, [[b"INFO", b"server"]], is_resp2=True)
    response = await client.run(request)
    text = raw.parsed(Raw(response.body))
    assert isinstance(text, bytes)
    assert b"executable:\r\n" in text

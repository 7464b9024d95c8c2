"""Read with X-Watch-Keys, write with X-If-Unchanged: nothing is lost between the two."""

import asyncio
from uuid import uuid4

import pytest

from gateway import watch_token, watching
from gateway.errors import BadRequest
from gateway.watch_token import Watch
from tests.gateway.caller import Caller
from tests.gateway.parts import Server
from tests.gateway.raw_http import Answer
from tests.waiting import until

CHANGED = "ERR a watched key has changed. Nothing of the transaction was executed: read again"


async def read(
    caller: Caller, body: object, keys: str, path: str = "", key: str = "writer-token"
) -> Answer:
    return await caller.post(body, path, headers={"X-Watch-Keys": keys}, key=key)


async def token_of(caller: Caller, keys: str, key: str = "writer-token") -> str:
    answer = await read(caller, ["PING"], keys, key=key)
    assert answer.status == 200, answer
    return answer.headers["X-Watch"]


async def write(caller: Caller, token: str, *commands: list[str], **rest: object) -> Answer:
    headers = {"X-If-Unchanged": token}
    return await caller.post(commands, "/multi-exec", headers=headers, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (["GET", "a"], "", {"result": "1"}),
        (b"", "/get/a", {"result": "1"}),
        (["GET", "nothing"], "", {"result": None}),
        ([["GET", "a"], ["LPOP", "a"]], "/pipeline",
         [{"result": "1"}, {"error": "WRONGTYPE Operation against a key holding the wrong kind of "
           "value"}]),
        ([["GET", "a"]], "/multi-exec", [{"result": "1"}]),
    ],
)  # fmt: skip
async def test_a_read_gives_its_answer_and_a_token(
    caller: Caller, body: object, path: str, expected: object
) -> None:
    await caller.run("SET", "a", "1")
    answer = await read(caller, body, "a", path)
    assert (answer.status, answer.json) == (200, expected)
    done = await write(caller, answer.headers["X-Watch"], ["INCR", "a"])
    assert (done.status, done.json) == (200, [{"result": 2}])


async def test_a_write_after_a_change_is_refused(caller: Caller) -> None:
    token = await token_of(caller, "a,b")
    await caller.run("SET", "b", "1")
    refused = await write(caller, token, ["SET", "a", "1"])
    assert refused.status == 409
    assert refused.error.startswith(CHANGED)
    assert await caller.run("EXISTS", "a") == 0


@pytest.mark.parametrize(
    "change",
    [
        ["SET", "a", "2"],
        ["APPEND", "a", "x"],
        ["DEL", "a"],
        ["EXPIRE", "a", "100"],
        ["PERSIST", "b"],
        ["EXPIRE", "b", "200"],
        ["RENAME", "a", "elsewhere"],
        ["EVAL", "redis.call('DEL', 'a') redis.call('RPUSH', 'a', '1')", "0"],
        ["FLUSHALL"],
    ],
)
async def test_every_kind_of_change_counts(caller: Caller, change: list[str]) -> None:
    await caller.run("SET", "a", "1")
    await caller.run("SET", "b", "1", "EX", "100")
    token = await token_of(caller, "a,b")
    await caller.run(*change)
    assert (await write(caller, token, ["SET", "c", "1"])).status == 409
    assert await caller.run("EXISTS", "c") == 0


async def test_a_key_that_expired_has_changed(caller: Caller, server: Server) -> None:
    await caller.run("SET", "a", "1", "PX", "50")
    token = await token_of(caller, "a")
    admin = server.admin()
    await until(lambda: not admin.exists("a"), "it has expired")
    assert (await write(caller, token, ["SET", "a", "2"])).status == 409


async def test_a_value_that_is_back_counts_as_unchanged(caller: Caller) -> None:
    await caller.run("SET", "a", "1")
    token = await token_of(caller, "a")
    await caller.run("SET", "a", "2")
    await caller.run("SET", "a", "1")
    assert (await write(caller, token, ["INCR", "a"])).json == [{"result": 2}]


async def test_a_token_holds_until_something_changes(caller: Caller) -> None:
    token = await token_of(caller, "a")
    assert (await write(caller, token, ["PING"])).status == 200
    assert (await write(caller, token, ["SET", "a", "1"])).status == 200
    assert (await write(caller, token, ["SET", "a", "2"])).status == 409


async def test_keys_that_do_not_exist_can_be_watched(caller: Caller) -> None:
    token = await token_of(caller, "a")
    answers = [await write(caller, token, ["SET", "a", str(n)]) for n in range(2)]
    assert [answer.status for answer in answers] == [200, 409]


async def test_names_are_percent_encoded(caller: Caller) -> None:
    await caller.post(b"1", "/set/a%2Cb%00%FF")
    token = await token_of(caller, "a%2Cb%00%FF, other")
    await caller.post(b"2", "/set/a%2Cb%00%FF")
    assert (await write(caller, token, ["PING"])).status == 409


async def test_a_token_of_a_write_stands_for_what_the_write_left(caller: Caller) -> None:
    answer = await read(caller, ["INCR", "a"], "a")
    assert answer.json == {"result": 1}
    assert (await write(caller, answer.headers["X-Watch"], ["INCR", "a"])).status == 200


async def test_errors_inside_the_transaction_stay_inside(caller: Caller) -> None:
    token = await token_of(caller, "a")
    answer = await write(caller, token, ["SET", "s", "x"], ["INCR", "s"])
    assert answer.json == [
        {"result": "OK"},
        {"error": "ERR value is not an integer or out of range"},
    ]
    assert (await write(caller, token, ["NOSUCH"])).error.startswith("EXECABORT")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (["GET"], "ERR wrong number of arguments for 'get' command"),
        (["NOSUCH"], "ERR unknown command 'NOSUCH'"),
        (["MULTI"], "ERR Command is not available: 'MULTI'"),
        (["EVALSHA", "0" * 40, "0"], "NOSCRIPT No matching script. Please use EVAL."),
    ],
)
async def test_a_read_that_fails_says_so_in_the_servers_words(
    caller: Caller, body: object, error: str
) -> None:
    answer = await read(caller, body, "a")
    assert answer.status == 400
    assert answer.error.startswith(error)


async def test_a_read_key_watches_and_writes_nothing(caller: Caller) -> None:
    token = await token_of(caller, "a", key="reader-token")
    refused = await write(caller, token, ["SET", "a", "1"], key="reader-token")
    assert refused.status == 400
    assert await caller.run("EXISTS", "a") == 0
    assert (await write(caller, token, ["GET", "a"], key="reader-token")).status == 200


async def test_nobody_watches_what_its_key_may_not_read(caller: Caller) -> None:
    refused = await read(caller, ["GET", "mine:a"], "mine:a,yours:a", key="narrow-token")
    assert (refused.status, refused.error) == (400, "NOPERM No permissions to access a key")
    token = await token_of(caller, "yours:a")
    refused = await write(caller, token, ["SET", "mine:a", "1"], key="narrow-token")
    assert (refused.status, refused.error) == (400, "NOPERM No permissions to access a key")
    token = await token_of(caller, "mine:a", key="narrow-token")
    assert (await write(caller, token, ["SET", "mine:a", "1"], key="narrow-token")).status == 200


async def test_a_user_without_transactions_is_told_by_the_server(caller: Caller) -> None:
    refused = await read(caller, ["SET", "a", "1"], "a", key="single-token")
    assert refused.error.startswith("NOPERM")
    token = await token_of(caller, "a")
    assert (await write(caller, token, ["SET", "a", "1"], key="single-token")).status == 400
    assert await caller.run("EXISTS", "a") == 0


@pytest.mark.parametrize(
    "keys", ["", ",", "a,,b", ",".join(map(str, range(17))), "x" * 2049, "%zz," + "y" * 2047]
)
async def test_names_that_cannot_be_watched_are_refused(caller: Caller, keys: str) -> None:
    refused = await read(caller, ["SET", "a", "1"], keys)
    assert refused.status == 400
    assert "X-Watch-Keys" in refused.error
    assert await caller.run("EXISTS", "a") == 0


async def test_what_is_too_large_is_not_watched(caller: Caller) -> None:
    token = await token_of(caller, "a")
    await caller.post(b"x" * watching.WATCHED_BYTES_MAX, "/set/a")
    refused = await read(caller, ["SET", "b", "1"], "a")
    assert (refused.status, "X-Watch" in refused.headers) == (400, False)
    assert "The commands have run" in refused.error
    refused = await write(caller, token, ["SET", "c", "1"])
    assert "Nothing of the transaction was sent" in refused.error
    assert await caller.run("MGET", "b", "c") == ["1", None]


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-2], lambda t: "x", lambda t: t + "é", lambda t: f"{t[:9]} {t[9:]}"]
)
async def test_a_token_that_is_not_ours_is_refused(caller: Caller, spoil: object) -> None:
    token = await token_of(caller, "a")
    refused = await write(caller, spoil(token), ["SET", "a", "1"])  # type: ignore[operator]
    assert refused.status == 400
    assert "isn't a token for this instance" in refused.error
    assert await caller.run("EXISTS", "a") == 0


@pytest.mark.parametrize("name", ["a", "ab", "abc", "abcd"])
def test_a_token_of_any_length_is_read(name: str) -> None:
    instance_id = uuid4()
    watch = Watch((name.encode(),), bytes(watch_token.DIGEST_BYTES))
    assert watch_token.read(watch_token.sign(watch, instance_id).encode(), instance_id) == watch


async def test_a_token_of_another_instance_is_refused(caller: Caller) -> None:
    token = await token_of(caller, "a")
    refused = await write(caller, token, ["SET", "a", "1"], place=caller.other_place)
    assert "isn't a token for this instance" in refused.error


@pytest.mark.parametrize(
    ("headers", "path", "words"),
    [
        ({"X-If-Unchanged": "x"}, "/pipeline", "X-If-Unchanged goes with /multi-exec"),
        ({"X-If-Unchanged": "x", "X-Watch-Keys": "a"}, "/multi-exec", "can't go with"),
        ({"X-Watch-Keys": "a", "Upstash-Response-Format": "resp2"}, "/pipeline", "can't go with"),
    ],
)
async def test_headers_that_do_not_go_together_are_refused(
    caller: Caller, headers: dict[str, str], path: str, words: str
) -> None:
    refused = await caller.post([["SET", "a", "1"]], path, headers=headers)
    assert refused.status == 400
    assert words in refused.error
    assert await caller.run("EXISTS", "a") == 0


async def test_a_change_between_check_and_transaction_is_seen_by_the_server(
    caller: Caller, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await token_of(caller, "a")
    check = watching._watch

    async def check_then_somebody_writes(*arguments: object) -> None:
        await check(*arguments)  # type: ignore[arg-type]
        server.tell("SET", "a", "theirs")

    monkeypatch.setattr(watching, "_watch", check_then_somebody_writes)
    refused = await write(caller, token, ["SET", "a", "ours"])
    assert (refused.status, refused.error.startswith(CHANGED)) == (409, True)
    assert await caller.run("GET", "a") == "theirs"


async def test_no_increment_is_lost_among_eight_writers(caller: Caller) -> None:
    async def increment() -> None:
        while True:
            answer = await read(caller, ["GET", "n"], "n")
            value = int(answer.json["result"] or 0)  # type: ignore[index]
            done = await write(caller, answer.headers["X-Watch"], ["SET", "n", str(value + 1)])
            if done.status == 200:
                return
            assert done.status == 409

    async def writer() -> None:
        for _ in range(50):
            await increment()

    await asyncio.gather(*(writer() for _ in range(8)))
    assert await caller.run("GET", "n") == "400"


async def test_connections_of_writes_are_given_back(caller: Caller, server: Server) -> None:
    token = await token_of(caller, "a")
    admin = server.admin()
    before = admin.info("clients")["connected_clients"]
    for _ in range(20):
        await write(caller, token, ["PING"])
        await write(caller, token, ["NOSUCH"])
    await until(lambda: admin.info("clients")["connected_clients"] <= before)


async def test_a_key_that_has_too_many_writes_under_way_is_told(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await token_of(caller, "a")
    monkeypatch.setattr(watching, "AT_ONCE_MAX", 0)
    assert (await write(caller, token, ["PING"])).status == 503


async def test_a_conflict_leaves_an_idempotency_key_free(
    caller: Caller, transactional_db: None
) -> None:
    token = await token_of(caller, "a")
    await caller.run("SET", "a", "1")
    for expected in (409, 200):
        answer = await caller.post(
            [["INCR", "a"]],
            "/multi-exec",
            headers={"X-If-Unchanged": token, "Idempotency-Key": "key-1"},
        )
        assert answer.status == expected
        token = await token_of(caller, "a")
    assert await caller.run("GET", "a") == "2"


def test_tokens_are_read_as_they_were_written() -> None:
    instance_id = uuid4()
    watch = Watch((b"a", b"\0\xff," * 20), bytes(range(20)))
    assert watch_token.read(watch_token.sign(watch, instance_id).encode(), instance_id) == watch
    with pytest.raises(BadRequest):
        watch_token.read(watch_token.sign(watch, uuid4()).encode(), instance_id)

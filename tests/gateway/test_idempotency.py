"""A request with an Idempotency-Key runs once, however often it is sent."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from gateway import ledger as ledgers
from gateway import runtime
from gateway.idempotency import REPLY_BYTES_MAX
from gateway.ledger import Ledger
from repeats.models import RememberedRequest, State
from tests.gateway.caller import Caller
from tests.gateway.parts import Server
from tests.gateway.raw_http import Answer
from tests.waiting import PATIENCE_SECONDS, PAUSE_SECONDS, until

pytestmark = pytest.mark.django_db(transaction=True)


BROWSER = {"Origin": "https://a.example"}


async def keyed(
    caller: Caller, body: object, path: str = "", *, name: str = "key-1", **rest: object
) -> Answer:
    return await caller.post(body, path, headers={**BROWSER, "Idempotency-Key": name}, **rest)  # type: ignore[arg-type]


async def edit(**changes: object) -> None:
    """Change all rows, as time or a dying worker would."""
    await RememberedRequest.objects.aupdate(**changes)


async def answered() -> None:
    """Wait until the answer of the request that is under way is written down."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        rows = RememberedRequest.objects.filter(state=State.ANSWERED)
        while not await rows.aexists():  # noqa: ASYNC110  it is another thread that writes
            await asyncio.sleep(PAUSE_SECONDS)


async def arrived(server: Server) -> None:
    """Wait until a command has come that the server holds back."""
    admin = server.admin()
    await until(lambda: admin.info("clients")["blocked_clients"], "the command has come")


@pytest.mark.parametrize(
    ("body", "path", "method"),
    [
        (["INCR", "n"], "", "POST"),
        ([["INCR", "n"], ["GET", "n"]], "/pipeline", "POST"),
        ([["INCR", "n"], ["GET", "n"]], "/multi-exec", "POST"),
        (b"", "/incr/n", "GET"),
        (b"1", "/incrby/n", "PUT"),
        (b"", "/incrby/n?1", "HEAD"),
    ],
)
async def test_the_first_reply_is_replayed(
    caller: Caller, body: object, path: str, method: str
) -> None:
    first, second = [await keyed(caller, body, path, method=method) for _ in range(2)]
    assert (first.status, first.is_replayed) == (200, False)
    assert (second.status, second.is_replayed) == (200, True)
    assert second.body == first.body
    assert "Idempotency-Replayed" in second.headers["Access-Control-Expose-Headers"]
    assert await caller.run("GET", "n") == "1"


async def test_replies_in_the_redis_protocol_are_replayed_byte_for_byte(caller: Caller) -> None:
    await caller.post(b"\xff\x00", "/set/a")
    headers = {"Idempotency-Key": "key-1", "Upstash-Response-Format": "resp2"}
    first, second = [await caller.post(["GETDEL", "a"], headers=headers) for _ in range(2)]
    assert (first.body, second.body, second.is_replayed) == (b"$2\r\n\xff\x00\r\n",) * 2 + (True,)
    assert second.headers["Content-Type"] == "application/octet-stream"


async def test_replies_are_sealed_where_they_are_kept(caller: Caller) -> None:
    await keyed(caller, ["SET", "a", "1", "GET"])
    await keyed(caller, ["ECHO", "canary"], name="key-2")
    async for row in RememberedRequest.objects.extra(select={"sealed": "reply"}):
        assert "canary" not in row.sealed
        assert "canary" not in str(row)
    assert (await keyed(caller, ["ECHO", "canary"], name="key-2")).json == {"result": "canary"}


async def test_errors_of_commands_are_replayed(caller: Caller) -> None:
    await caller.run("SET", "n", "text")
    first = await keyed(caller, ["INCR", "n"])
    await caller.run("SET", "n", "1")
    second = await keyed(caller, ["INCR", "n"])
    assert (first.status, second.status, second.is_replayed) == (400, 400, True)
    assert first.error == second.error


@pytest.mark.parametrize(
    ("body", "path", "headers"),
    [
        (["INCR", "m"], "", {}),
        ([["INCR", "n"]], "/pipeline", {}),
        (["INCR", "n"], "?x", {}),
        (["INCR", "n"], "", {"Upstash-Encoding": "base64"}),
        (b'["INCR" ,"n"]', "", {}),
    ],
)
async def test_another_request_of_the_same_name_is_refused(
    caller: Caller, body: object, path: str, headers: dict[str, str]
) -> None:
    await keyed(caller, ["INCR", "n"])
    other = await caller.post(body, path, headers={"Idempotency-Key": "key-1", **headers})
    assert (other.status, other.is_replayed) == (422, False)
    assert other.error.startswith("ERR this Idempotency-Key was used for another request")
    assert await caller.run("MGET", "n", "m") == ["1", None]


async def test_the_token_is_no_part_of_the_request(caller: Caller) -> None:
    await keyed(caller, b"", "/incr/n?_token=writer-token", method="GET")
    assert (await keyed(caller, b"", "/incr/n", method="GET")).is_replayed


async def test_keys_and_instances_have_names_of_their_own(caller: Caller) -> None:
    await keyed(caller, ["INCR", "n"])
    elsewhere = await keyed(caller, ["INCR", "n"], place=caller.other_place)
    foreign = await keyed(caller, ["INCR", "n"], key="single-token")
    assert [elsewhere.json, foreign.json] == [{"result": 2}, {"result": 3}]


@pytest.mark.parametrize("name", ["", "with space", "x" * 256, "\x7f", "ümlaut", "tab\t"])
async def test_a_name_that_is_none_is_refused_in_words(caller: Caller, name: str) -> None:
    answer = await keyed(caller, ["INCR", "n"], name=name)
    assert answer.status == 400
    assert "1 to 255 visible ASCII characters" in answer.error
    assert await caller.run("EXISTS", "n") == 0


async def test_a_wait_that_no_number_can_hold_is_refused_in_words(caller: Caller) -> None:
    headers = {"Idempotency-Key": "key-1", "Redisgate-Block": "9" * 5000}
    answer = await caller.post(["BLPOP", "q", "1"], headers=headers)
    assert (answer.status, "number of milliseconds" in answer.error) == (400, True)


async def test_a_second_request_is_sent_away_while_the_first_runs(
    caller: Caller, server: Server
) -> None:
    server.tell("CLIENT", "PAUSE", "20000", "WRITE")
    first = asyncio.ensure_future(keyed(caller, ["INCR", "n"]))
    await arrived(server)
    second = await keyed(caller, ["INCR", "n"])
    server.tell("CLIENT", "UNPAUSE")
    assert second.status == 409
    assert second.error.startswith("ERR the first request with this Idempotency-Key is still")
    assert second.headers["Retry-After"] == "1"
    assert (await first).json == {"result": 1}


async def test_a_request_whose_client_left_is_finished_and_replayed(
    caller: Caller, server: Server
) -> None:
    server.tell("CLIENT", "PAUSE", "20000", "WRITE")
    first = asyncio.ensure_future(keyed(caller, ["INCR", "n"]))
    await arrived(server)
    first.cancel()
    server.tell("CLIENT", "UNPAUSE")
    await answered()
    answer = await keyed(caller, ["INCR", "n"])
    assert (answer.json, answer.is_replayed) == ({"result": 1}, True)


async def test_a_wait_whose_client_left_is_not_begun_again(caller: Caller, server: Server) -> None:
    headers = {"Idempotency-Key": "key-1", "Redisgate-Block": "20000"}
    first = asyncio.ensure_future(caller.post(["BLPOP", "list", "0"], headers=headers))
    await arrived(server)
    first.cancel()
    await answered()
    await caller.run("RPUSH", "list", "a")
    answer = await caller.post(["BLPOP", "list", "0"], headers=headers)
    assert (answer.status, answer.is_replayed) == (502, True)
    assert await caller.run("LLEN", "list") == 1


async def test_an_outcome_that_nobody_knows_is_said_and_nothing_runs(caller: Caller) -> None:
    await keyed(caller, ["INCR", "n"])
    now = timezone.now()
    await edit(state=State.RUNNING, reply="", deadline_at=now - timedelta(seconds=1))
    for _ in range(2):
        answer = await keyed(caller, ["INCR", "n"])
        assert (answer.status, answer.is_replayed) == (502, True)
        assert "It is unknown whether it ran, so it was not sent again" in answer.error
    assert await caller.run("GET", "n") == "1"


async def test_a_lost_connection_stays_unknown(own_server: Server) -> None:
    caller = Caller(own_server)
    runtime.install(caller.runtime)
    await caller.run("SET", "n", "0")
    own_server.tell("CLIENT", "PAUSE", "20000", "WRITE")
    first = asyncio.ensure_future(keyed(caller, ["INCR", "n"]))
    await arrived(own_server)
    own_server.kill()
    own_server.start()
    assert (await first).status == 502
    second = await keyed(caller, ["INCR", "n"])
    assert (second.status, second.is_replayed) == (502, True)
    assert second.body == (await first).body
    await caller.close()


async def test_a_reply_that_is_too_large_is_not_kept_and_nothing_runs_again(
    caller: Caller,
) -> None:
    command = ["SET", "a", "x" * REPLY_BYTES_MAX, "GET"]
    await caller.run(*command)
    assert (await keyed(caller, command)).status == 200
    second = await keyed(caller, command)
    assert (second.status, second.is_replayed) == (409, True)
    assert "ran and was answered with 200" in second.error


async def test_a_reply_that_cannot_be_passed_on_is_no_reason_to_run_again(caller: Caller) -> None:
    nested = "redis.call('INCR', 'n') local t = {} for i = 1, 300 do t = {t} end return t"
    first, second = [await keyed(caller, ["EVAL", nested, "0"]) for _ in range(2)]
    assert "the command ran" in first.error
    assert (second.status, second.is_replayed) == (first.status, True)
    assert await caller.run("GET", "n") == "1"


@pytest.mark.parametrize(
    ("body", "path"),
    [(["MULTI"], ""), ([["EXEC"]], "/multi-exec"), ([["NOSUCH"]], "/multi-exec")],
)
async def test_what_was_refused_unsent_frees_the_name(
    caller: Caller, body: object, path: str
) -> None:
    assert (await keyed(caller, body, path)).status == 400
    assert (await keyed(caller, ["INCR", "n"])).json == {"result": 1}


async def test_an_unreachable_instance_frees_the_name(own_server: Server) -> None:
    caller = Caller(own_server)
    runtime.install(caller.runtime)
    own_server.kill()
    assert (await keyed(caller, ["INCR", "n"])).status == 503
    own_server.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await keyed(caller, ["INCR", "n"])).status == 503:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE_SECONDS)
    assert (answer.json, answer.is_replayed) == ({"result": 1}, False)
    await caller.close()


async def test_a_day_later_the_name_is_free(caller: Caller) -> None:
    await keyed(caller, ["INCR", "n"])
    await edit(expires_at=timezone.now())
    assert (await keyed(caller, ["INCR", "n"])).json == {"result": 2}


async def test_what_has_expired_is_taken_away(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await keyed(caller, ["INCR", "n"], name=f"key-{n}")
    await edit(expires_at=timezone.now())
    monkeypatch.setattr(ledgers, "PRUNED_SECONDS", 0)
    await keyed(caller, ["INCR", "n"], name="fresh")
    assert await RememberedRequest.objects.acount() == 1


@pytest.mark.parametrize("bounds", [{"requests_max": 1}, {"reply_bytes_max": 1}])
async def test_a_key_that_has_too_much_remembered_is_told(
    server: Server, bounds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "COUNTED_SECONDS", 0)
    caller = Caller(server, ledger=Ledger(**bounds))
    runtime.install(caller.runtime)
    assert (await keyed(caller, ["INCR", "n"])).status == 200
    refused = await keyed(caller, ["INCR", "n"], name="key-2")
    assert refused.status == 429
    assert "Nothing was sent" in refused.error
    assert await caller.run("GET", "n") == "1"
    await caller.close()


@contextmanager
def held_rows() -> Iterator[None]:
    """Change all rows in a transaction that doesn't end meanwhile, so that writers wait."""
    are_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                RememberedRequest.objects.all().delete()
                are_held.set()
                may_end.wait(20)
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert are_held.wait(20)
    try:
        yield
    finally:
        may_end.set()
        holder.join()


async def test_while_the_database_is_away_nothing_is_sent(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keyed(caller, ["INCR", "n"])
    monkeypatch.setattr(ledgers, "PATIENCE_SECONDS", 0.2)
    with held_rows():
        refused = await keyed(caller, ["INCR", "n"])
    assert refused.status == 503
    assert refused.error.startswith("ERR the platform's database is away, and without it")
    assert await caller.run("GET", "n") == "1"

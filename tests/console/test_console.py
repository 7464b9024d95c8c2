"""What a console answers, to whom, and when it ends."""

from collections.abc import Callable
from functools import partial

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from audit.models import AuditEvent
from console import consumers, pace, view
from instances.models import Instance
from instances.sockets import NOT_FOUND, NOT_SIGNED_IN
from instances.states import Status
from orgs.models import Membership
from orgs.roles import Role
from tests.conftest import Cast
from tests.console.page import Page
from tests.console.servers import SECRET, RealServer
from tests.instances.rows import make_instance

pytestmark = pytest.mark.django_db(transaction=True)


async def change(act: Callable[[], object]) -> None:
    await sync_to_async(act)()


@pytest.fixture
def instance(cast: Cast, server: RealServer) -> Instance:
    return server.row(cast.acme)


async def test_command_is_answered_as_redis_cli_would(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.developer) as page:
        ready = await page.ready()
        assert (ready["scope"], ready["prompt"]) == ("write", "Sessions>")
        assert await page.type('SET a "x\\x00y"') == "OK"
        assert await page.type("GET a") == '"x\\x00y"'
        assert await page.type("LRANGE none 0 -1") == "(empty array)"
        assert await page.type('SET "a') == "(error) Invalid argument(s): a quote is not closed."
        assert (await page.answer("PING"))["ms"] > 0


async def test_prompt_follows_database_and_transaction(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        prompts = [
            (await page.answer(line))["prompt"]
            for line in ("SELECT 3", "MULTI", "SET a 1", "EXEC", "MULTI", "SELECT 4", "DISCARD")
        ]
    assert prompts == [
        *("Sessions[3]>", "Sessions[3](TX)>", "Sessions[3](TX)>", "Sessions[3]>"),
        *("Sessions[3](TX)>", "Sessions[4](TX)>", "Sessions[3]>"),
    ]


async def test_watched_key_that_changed_fails_the_transaction(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.type("WATCH a")
        server.tell("SET", "a", "theirs")
        await page.type("MULTI")
        await page.type("SET a mine")
        assert await page.type("EXEC") == "(nil)"


ROLES = [
    ("viewer", "GET a", True),
    ("viewer", "SET a 1", False),
    ("viewer", "EVAL \"return redis.call('SET','a','1')\" 0", False),
    ("viewer", "FLUSHALL", False),
    ("viewer", "SUBSCRIBE news", False),
    ("developer", "SET a 1", True),
    ("developer", "CLIENT LIST", False),
    ("developer", "MONITOR", False),
    ("developer", "CONFIG SET maxmemory 1", False),
    ("admin", "CLIENT LIST", True),
    ("admin", "SHUTDOWN", False),
    ("admin", "CONFIG SET maxmemory 1", False),
    ("owner", "SLOWLOG GET", True),
    ("owner", "ACL SETUSER x", False),
]


@pytest.mark.parametrize(("role", "line", "may"), ROLES)
async def test_server_enforces_the_role(
    cast: Cast, instance: Instance, role: str, line: str, may: bool
) -> None:
    async with Page(instance, getattr(cast, role)) as page:
        await page.ready()
        await page.do(do="enter", line=line)
        message = await page.next("reply", "lines")
        text = message.get("text") or "".join(message.get("texts", ()))
        assert ("NOPERM" in text or "ACL failure in script" in text) is not may, text


IN_WORDS = [
    ("viewer", "SET a 1", "NOPERM Your role (viewer) may only read; SET writes."),
    ("developer", "CLIENT LIST", "NOPERM Your role (developer) may read and write; CLIENT LIST is"),
    ("developer", "CONFIG SET maxmemory 1", "NOPERM It can't be changed here. Use the Settings"),
    ("admin", "CONFIG SET maxmemory 1", "NOPERM It can't be changed here. Use the Settings tab."),
    ("owner", "SHUTDOWN", "NOPERM Nobody may run SHUTDOWN here: use Stop."),
    ("developer", "MONITOR", "NOPERM Your role (developer) may read and write; MONITOR is for"),
]


@pytest.mark.parametrize(("role", "line", "words"), IN_WORDS)
async def test_refusal_of_the_server_is_told_in_words(
    cast: Cast, instance: Instance, role: str, line: str, words: str
) -> None:
    async with Page(instance, getattr(cast, role)) as page:
        await page.ready()
        text = await page.type(line)
    assert text.startswith(f"(error) {words}")
    assert "rg-scope" not in text


async def test_manual_says_what_the_role_may_not(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.viewer) as page:
        ready = await page.ready()
    manual = {entry["name"]: entry for entry in ready["manual"]}
    assert manual["GET"]["allowed"]
    assert not manual["SET"]["allowed"]
    assert manual["GET"]["summary"] == "Returns the string value of a key."
    assert manual["SETEX"]["syntax"] == "key seconds value"
    assert ready["scopes"] == ["read"]


async def test_person_narrows_their_rights_and_takes_them_back(
    cast: Cast, instance: Instance
) -> None:
    async with Page(instance, cast.developer) as page:
        assert (await page.ready())["scopes"] == ["write", "read"]
        await page.do(do="scope", scope="read")
        assert (await page.ready())["scope"] == "read"
        assert "NOPERM" in await page.type("SET a 1")
        await page.do(do="scope", scope="admin")
        assert (await page.ready())["scope"] == "write"
        assert await page.type("SET a 1") == "OK"


@pytest.mark.parametrize(
    "line",
    [
        "AUTH default x",
        "HELLO 3 AUTH a b",
        "RESET",
        "QUIT",
        "CLIENT REPLY OFF",
        "CLIENT PAUSE 1000",
        "client tracking on",
        "PSYNC ? -1",
        "SCRIPT DEBUG YES",
        '"MONITOR\\x00" x',
    ],
)
async def test_state_of_the_connection_is_no_plaything(
    cast: Cast, instance: Instance, line: str
) -> None:
    async with Page(instance, cast.owner) as page:
        await page.ready()
        assert (await page.type(line)).startswith("(error) ")
        assert await page.type("ECHO nonce") == '"nonce"'


async def test_hello_3_gives_the_types_of_resp3(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.owner) as page:
        await page.ready()
        await page.type("HSET h a 1")
        await page.type("HELLO 3")
        assert await page.type("HGETALL h") == '1# "a" => "1"'


async def test_dangerous_command_runs_only_when_its_question_is_answered(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("MSET", "a", "1", "b", "2")
    async with Page(instance, cast.developer) as page:
        await page.ready()
        asked = await page.answer("flushdb")
        assert asked["text"] == "FLUSHDB will remove 2 keys of db 0 of Sessions."
        assert asked["phrase"] == "Sessions"
        for token, typed in (("é", "Sessions"), ("", "Sessions"), (asked["token"], "sessions?")):
            await page.do(do="confirm", token=token, typed=typed)
            assert (await page.next("reply"))["text"].startswith("(error)")
        # The question served once, although its answer was wrong.
        await page.do(do="confirm", token=asked["token"], typed="Sessions")
        assert (await page.next("reply"))["text"].startswith("(error)")
        assert server.tell("DBSIZE") == 2

        asked = await page.answer("FLUSHDB")
        await page.do(do="confirm", token=asked["token"], typed="Sessions")
        assert (await page.next("reply"))["text"] == "OK"
    assert server.tell("DBSIZE") == 0


async def test_other_command_withdraws_the_question(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("SET", "a", "1")
    async with Page(instance, cast.developer) as page:
        await page.ready()
        asked = await page.answer("FLUSHALL")
        await page.type("PING")
        await page.do(do="confirm", token=asked["token"], typed="Sessions")
        assert "Nothing waits" in (await page.next("reply"))["text"]
    assert server.tell("DBSIZE") == 1


async def test_question_is_asked_inside_a_transaction_too(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("SET", "a", "1")
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.type("MULTI")
        asked = await page.answer("FLUSHDB")
        assert "1 key" in asked["text"]
        await page.do(do="confirm", token=asked["token"], typed="Sessions")
        assert (await page.next("reply"))["text"] == "QUEUED"
        assert await page.type("EXEC") == "1) OK"


async def test_large_reply_is_cut_and_the_next_one_is_right(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("EVAL", "for i=1,12000 do redis.call('RPUSH','l',i) end", "0")
    async with Page(instance, cast.developer) as page:
        await page.ready()
        asked = await page.answer("LRANGE l 0 -1")
        assert "12,000 elements" in asked["text"]
        await page.do(do="confirm", token=asked["token"], typed="")
        reply = await page.next("reply")
        assert reply["rest"] == "2,000 elements more were not read."
        assert reply["text"].count("\n") == 9_999
        assert await page.type("ECHO nonce") == '"nonce"'


async def test_blocking_command_ends_at_stop_and_pops_nothing_later(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.type("SELECT 2")
        await page.do(do="enter", line="BLPOP l 0")
        await page.do(do="enter", line="PING")
        assert "still running" in (await page.next("notice"))["text"]
        await page.do(do="stop")
        assert (await page.next("end"))["text"] == "Stopped."
        assert await page.type("RPUSH l x") == "(integer) 1"
        assert await page.type("LLEN l") == "(integer) 1"


async def test_subscription_shows_messages_until_stop(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.do(do="enter", line="SUBSCRIBE news")
        assert '1) "subscribe"' in (await page.next("lines"))["texts"][0]
        server.tell("PUBLISH", "news", "hello")
        assert (await page.next("lines"))["texts"] == ['1) "message"\n2) "news"\n3) "hello"']
        await page.do(do="stop")
        await page.next("end")
        assert await page.type("PING") == "PONG"


async def test_monitor_leaves_out_the_platform_and_its_paths(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    async with Page(instance, cast.owner) as page:
        await page.ready()
        await page.do(do="enter", line="MONITOR")
        assert (await page.next("lines"))["texts"] == ["OK"]
        server.tell("PING")
        server.tell("SET", "a", "1")
        [line] = (await page.next("lines"))["texts"]
        assert line.endswith('[0 RedisGate] "SET" "a" "1"')


async def test_flood_of_messages_is_bounded(
    cast: Cast, instance: Instance, server: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "LINES", 150)
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.do(do="enter", line="SUBSCRIBE flood")
        await page.next("lines")
        server.tell("EVAL", "for i=1,1000 do redis.call('PUBLISH','flood',i) end", "0")
        told = await page.next("lines")
        assert len(told["texts"]) <= view.BATCH_LINES
        server.tell("EVAL", "for i=1,1000 do redis.call('PUBLISH','flood',i) end", "0")
        assert (await page.next("end"))["text"] == "Ended after 150 messages."
        assert await page.type("PING") == "PONG"


async def test_flood_of_large_messages_is_bounded(
    cast: Cast, instance: Instance, server: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "BATCH_CHARACTERS", 100)
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.do(do="enter", line="SUBSCRIBE flood")
        await page.next("lines")
        script = "for i=1,50 do redis.call('PUBLISH','flood',string.rep('x', 60)) end"
        server.tell("EVAL", script, "0")
        told = await page.next("lines")
        assert len(told["texts"]) <= 2
        assert told["left_out"] > 0


async def test_commands_of_admins_are_written_down_without_values(
    cast: Cast, instance: Instance
) -> None:
    async with Page(instance, cast.owner) as page:
        await page.ready()
        await page.type(f"MSET a {SECRET} b {SECRET}")
        await page.type("client list")
        await page.type(f"{SECRET} {SECRET}")
    events = await sync_to_async(lambda: list(AuditEvent.objects.filter(object_id=instance.pk)))()
    told = sorted((each.changes["command"], *each.changes["keys"]) for each in events)
    assert told == [("(unknown)",), ("CLIENT LIST",), ("MSET", "a", "b")]
    assert {(each.action, each.actor_label) for each in events} == {
        ("console.command", cast.owner.email)
    }
    assert SECRET not in str([each.changes for each in events])


async def test_commands_of_developers_are_not_written_down(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.type("SET a 1")
    assert not await sync_to_async(AuditEvent.objects.filter(object_id=instance.pk).exists)()


async def test_ended_session_ends_the_console_while_it_runs_something(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.do(do="enter", line="BLPOP l 0")
        await change(Session.objects.all().delete)
        assert await page.close_code() == NOT_SIGNED_IN
        server.tell("RPUSH", "l", "x")
        assert server.tell("LLEN", "l") == 1


async def test_ended_membership_ends_the_console(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await change(Membership.objects.filter(user=cast.developer).delete)
        assert await page.close_code() == NOT_FOUND


async def test_lower_role_takes_rights_away_from_what_runs(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.admin) as page:
        await page.ready()
        await page.do(do="enter", line="MONITOR")
        await page.next("lines")
        viewer = partial(Membership.objects.filter(user=cast.admin).update, role=Role.VIEWER)
        await change(viewer)
        await page.next("end")
        assert (await page.ready())["scope"] == "read"
        assert "NOPERM" in await page.type("SET a 1")


async def test_deleted_instance_ends_the_console(cast: Cast, instance: Instance) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await change(Instance.objects.filter(pk=instance.pk).delete)
        assert await page.close_code() == NOT_FOUND


@pytest.mark.parametrize(("person", "code"), [("outsider", NOT_FOUND), (None, NOT_SIGNED_IN)])
async def test_strangers_get_no_console(
    cast: Cast, instance: Instance, person: str | None, code: int
) -> None:
    user = getattr(cast, person) if person else None
    async with Page(instance, user) as page:
        assert await page.close_code() == code


async def test_foreign_instance_is_none(cast: Cast, server: RealServer) -> None:
    foreign = await sync_to_async(server.row)(cast.globex)
    foreign.organization = cast.acme
    async with Page(foreign, cast.owner) as page:
        assert await page.close_code() == NOT_FOUND


async def test_consoles_of_a_person_are_bounded(
    cast: Cast, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "CONSOLES", 1)
    async with Page(instance, cast.developer) as first:
        await first.ready()
        async with Page(instance, cast.developer) as second:
            assert "Close one" in (await second.next("notice"))["text"]
            assert await second.close_code() == consumers.TOO_MANY
    async with Page(instance, cast.developer) as third:
        await third.ready()


async def test_idle_console_closes(
    cast: Cast, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        monkeypatch.setattr(pace, "IDLE_SECONDS", 0.0)
        assert "30 minutes" in (await page.next("notice"))["text"]
        assert await page.close_code() == consumers.IDLE


async def test_restarted_server_is_found_again(cast: Cast, own_server: RealServer) -> None:
    instance = await sync_to_async(own_server.row)(cast.acme)
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.type("SELECT 2")
        await page.type("MULTI")
        await change(own_server.stop)
        assert "The transaction was discarded." in (await page.next("away"))["text"]
        await change(own_server.start)
        assert "Connected again." in (await page.next("back"))["text"]
        assert (await page.answer("DBSIZE"))["prompt"] == "Sessions[2]>"


async def test_console_of_a_stopped_instance_waits_for_it(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    await change(partial(Instance.objects.update, status=Status.STOPPED))
    async with Page(instance, cast.developer) as page:
        assert "The instance is stopped now." in (await page.next("away"))["text"]
        assert (await page.answer("PING"))["text"].startswith("(error)")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"do": "fly"}', '{"do": "enter"}', "null", "7"])
async def test_nonsense_is_ignored(cast: Cast, instance: Instance, text: str) -> None:
    async with Page(instance, cast.developer) as page:
        await page.ready()
        await page.send({"type": "websocket.receive", "text": text})
        assert await page.type("PING") == "PONG"

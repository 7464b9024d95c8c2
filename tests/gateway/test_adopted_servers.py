"""Commands to servers that somebody else runs: over TLS or not, with users of ours or without."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import orjson
import pytest
import pytest_asyncio

from gateway import runtime
from gateway.limits import Limits
from instances import acl
from instances.acl import Scope
from instances.remote import Remote, Tls
from instances.spec import Endpoint
from redisgate.lib.outward import Guard
from tests import somebody_elses
from tests.gateway.caller import Caller
from tests.gateway.known import Known
from tests.somebody_elses import Theirs, certificate, with_tls


@pytest.fixture(scope="module")
def theirs() -> Iterator[Theirs]:
    with somebody_elses.running() as theirs:
        yield theirs


@dataclass(frozen=True)
class At:
    """Stands where a test gives a server."""

    endpoint: Endpoint


def endpoint_of(remote: Remote) -> Endpoint:
    return Endpoint(None, remote.host, remote.port, remote)


@pytest_asyncio.fixture
async def adopted(theirs: Theirs) -> AsyncIterator[Caller]:
    """All keys over the one user that their owner gave us, in a database of its own."""
    with theirs.client() as client:
        client.flushall()
    caller = caller_at(theirs.remote("boss", database=2))
    runtime.install(caller.runtime)
    yield caller
    await caller.close()


def caller_at(remote: Remote) -> Caller:
    caller = Caller(At(endpoint_of(remote)))  # type: ignore[arg-type]
    scopes = {"reader": Scope.READ, "writer": Scope.WRITE, "operator": Scope.ADMIN}
    for name, scope in scopes.items():
        key = caller.keys[f"{name}-token"]
        caller.keys[f"{name}-token"] = replace(key, scopes=frozenset({scope}))
    narrow = caller.keys["narrow-token"]
    caller.keys["narrow-token"] = replace(narrow, has_key_patterns=True)
    return caller


async def test_write_key_reads_and_writes_in_the_database_of_the_url(
    adopted: Caller, theirs: Theirs
) -> None:
    assert await adopted.run("SET", "a", "1") == "OK"
    assert await adopted.run("GET", "a", key="reader-token") == "1"
    with theirs.client() as client:
        assert client.get("a") is None
        client.select(2)
        assert client.get("a") == "1"


@pytest.mark.parametrize(
    ("key", "words", "is_allowed"),
    [
        ("reader", ["SET", "a", "1"], False),
        ("reader", ["EVAL_RO", "return 1", "0"], False),
        ("reader", ["GETDEL", "a"], False),
        ("writer", ["EVAL", "return redis.call('flushall')", "0"], False),
        ("writer", ["FLUSHALL"], False),
        ("writer", ["flushdb"], False),
        ("writer", ["CONFIG", "GET", "*"], False),
        ("writer", ["ACL", "LIST"], False),
        ("writer", ["SWAPDB", "0", "2"], False),
        ("writer", ["SELECT", "0"], False),
        ("operator", ["EVAL", "return 1", "0"], True),
        ("operator", ["CONFIG", "GET", "maxmemory"], True),
        ("operator", ["CONFIG", "SET", "maxmemory", "1"], False),
        ("operator", ["ACL", "SETUSER", "x"], False),
        ("operator", ["SHUTDOWN"], False),
        ("operator", ["REPLICAOF", "1.2.3.4", "1"], False),
        ("narrow", ["GET", "mine:a"], False),
    ],
)
async def test_scope_is_checked_though_the_server_would_allow_all(
    adopted: Caller, key: str, words: list[str], is_allowed: bool
) -> None:
    answer = await adopted.post(words, key=f"{key}-token")
    assert (answer.status == 200) is is_allowed, answer
    # Whatever was refused, the next reply belongs to the next command.
    if key != "narrow":
        assert await adopted.run("ECHO", "nonce", key=f"{key}-token") == "nonce"


async def test_refused_command_of_a_pipeline_is_refused_alone(adopted: Caller) -> None:
    commands = [["SET", "a", "1"], ["FLUSHALL"], ["EVAL", "return 1", "0"], ["GET", "a"]]
    answer = await adopted.post(commands, "/pipeline")
    first, second, third, fourth = orjson.loads(answer.body)
    assert (first, fourth) == ({"result": "OK"}, {"result": "1"})
    assert second["error"].startswith("NOPERM")
    assert third["error"].startswith("NOPERM")


async def test_transaction_with_a_refused_command_does_not_run(
    adopted: Caller, theirs: Theirs
) -> None:
    answer = await adopted.post([["SET", "b", "1"], ["FLUSHALL"]], "/multi-exec")
    assert answer.status == 400
    assert await adopted.run("GET", "b") is None
    answer = await adopted.post([["SET", "b", "1"], ["GET", "b"]], "/multi-exec")
    assert orjson.loads(answer.body) == [{"result": "OK"}, {"result": "1"}]


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/subscribe/channel", "", {}),
        ("/monitor", "", {}),
        ("", ["BLPOP", "list", "1"], {"Redisgate-Block": "1000"}),
    ],
)
async def test_what_lasts_needs_a_user_of_the_key_s_own(
    adopted: Caller, path: str, body: object, headers: dict[str, str]
) -> None:
    answer = await adopted.post(body, path, key="operator-token", headers=headers)
    assert answer.status == 400
    assert b"manage users" in answer.body


async def test_refused_command_is_refused_with_headers_too(adopted: Caller) -> None:
    for headers in ({"Idempotency-Key": "a"}, {"X-Watch-Keys": "a"}):
        answer = await adopted.post(["FLUSHALL"], headers=headers)
        assert answer.status == 400, headers


async def test_every_key_has_a_connection_of_its_own(adopted: Caller, theirs: Theirs) -> None:
    for key in ("reader", "writer", "operator"):
        await adopted.run("PING", key=f"{key}-token")
    with theirs.client() as client:
        ours = [it for it in client.client_list() if it["user"] == "boss" and it["db"] == "2"]
    assert len(ours) == 3


async def test_key_with_a_user_there_logs_in_as_itself(theirs: Theirs) -> None:
    words = acl.words_of(
        acl.AclUser("rg_writer", acl.sha256("writer-token"), acl.rules_for({Scope.WRITE}, ()))
    )
    with theirs.client() as client:
        client.execute_command("ACL", "SETUSER", "rg_writer", *words)
    caller = caller_at(theirs.remote("boss", manages_users=True))
    try:
        assert await caller.run("ACL", "WHOAMI", key="writer-token") == "rg_writer"
    finally:
        await caller.close()


async def test_commands_go_over_tls(theirs: Theirs) -> None:
    shown = certificate()
    with with_tls(theirs.port, shown) as port:
        caller = caller_at(theirs.remote("worker", port=port, tls=Tls(ca_pem=shown.pem)))
        try:
            assert await caller.run("SET", "tls", "x" * 100_000) == "OK"
            assert await caller.run("STRLEN", "tls") == 100_000
        finally:
            await caller.close()


@pytest.mark.parametrize("what", ["tls", "password", "guard", "database"])
async def test_way_that_does_not_open_is_unavailable_and_says_nothing_secret(
    theirs: Theirs, what: str
) -> None:
    change: dict[str, object] = {
        "tls": {"tls": Tls()},
        "password": {"password": "a wrong secret"},
        "guard": {"guard": Guard()},
        "database": {"database": 9999},
    }[what]  # type: ignore[assignment]
    caller = caller_at(replace(theirs.remote("worker"), **change))  # type: ignore[arg-type]
    known = Known(caller.keys, {caller.place.instance_id: caller.place})
    caller.runtime = known.runtime(Limits(connect_patience_seconds=0))
    try:
        answer = await caller.post(["GET", "a"])
        assert answer.status == 503, answer
        assert b"secret" not in answer.body
        assert b"theirs" not in answer.body
    finally:
        await caller.close()

"""What the simulator says of a key is what happens: over HTTP and natively, on the real server."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from console.words import split
from tests.e2e.conftest import Ready, make
from tests.platform import Platform

pytestmark = pytest.mark.e2e

COMMANDS = """
GET mine:a
SET mine:a 1
SET other:a 1
DEL mine:a other:a
INCR mine:n
MGET mine:a other:a
RENAME mine:missing other:missing
LPUSH mine:list a
LRANGE mine:list 0 -1
HSET mine:hash f v
ZADD mine:zset 1 m
XADD mine:stream * f v
SORT mine:list ALPHA
GETEX mine:a
COPY mine:a other:copy
BITCOUNT mine:a
PUBLISH mine:news hello
PUBLISH other:news hello
EVAL "return 1" 0
EVAL "return 1" 1 other:a
EVAL_RO "return 1" 0
SCAN 0
KEYS *
RANDOMKEY
DBSIZE
INFO server
TIME
CONFIG GET maxmemory
CONFIG SET maxmemory 1gb
ACL WHOAMI
ACL SETUSER x
SLOWLOG GET
CLIENT LIST
CLIENT ID
DEBUG SLEEP 0
SHUTDOWN NOSAVE
REPLICAOF no one
MODULE LIST
FUNCTION LIST
MULTI
AUTH default x
HELLO 2
SELECT 0
SUBSCRIBE mine:news
BLPOP mine:missing 0.01
OBJECT ENCODING mine:a
get mine:a
NOSUCH mine:a
GET
SET mine:a
""".strip().splitlines()
HOLDERS: dict[str, dict[str, Any]] = {
    "read": {"scopes": ["read"]},
    "write": {"scopes": ["write"]},
    "admin": {"scopes": ["admin"]},
    "narrow": {"scopes": ["write"], "key_patterns": ["mine:*"]},
    "peek": {"scopes": ["read"], "key_patterns": ["mine:*"]},
}
REFUSALS = (
    "NOPERM",
    "ERR Command is not available",
    "ERR unknown command",
    "ERR wrong number of arguments",
    "ERR DEBUG command not allowed",
    # redis-py takes the code away, and has sentences of its own
    "this user has no permissions",
    "unknown command",
    "wrong number of arguments",
    "user rg_",
    "no permissions",
    "DEBUG command not allowed",
)


@pytest.fixture(params=HOLDERS)
def key(request: pytest.FixtureRequest, api: httpx.Client, ready: Ready) -> Iterator[Any]:
    made = make(api, ready, rate_limit=100_000, **HOLDERS[request.param])
    yield made
    api.delete(f"/api-keys/{made['id']}")


def test_each_command_is_judged_as_it_goes(key: Any, api: httpx.Client, ready: Ready) -> None:
    wrong = []
    with httpx.Client(headers={"Authorization": f"Bearer {key['key']}"}, timeout=30) as door:
        for line in COMMANDS:
            body = {"instance": ready.instance_id, "command": line}
            judged = (
                api.post(f"/api-keys/{key['id']}/simulate", json=body).raise_for_status().json()
            )
            words = [word.decode() for word in split(line)]
            happens = {
                "http": _goes_over_http(door, ready, words),
                "native": _goes_natively(key, ready, words),
            }
            wrong += [
                (line, way, goes, judged[way])
                for way, goes in happens.items()
                if judged[way]["allowed"] is not goes
            ]
    assert wrong == []


def _goes_over_http(door: httpx.Client, ready: Ready, words: list[str]) -> bool:
    answer = door.post(ready.url, json=words)
    assert answer.status_code in {200, 400}, answer.text
    return not str(answer.json().get("error", "")).startswith(REFUSALS)


def _goes_natively(key: Any, ready: Ready, words: list[str]) -> bool:
    server = urlsplit(ready.redis_url)
    client = redis.Redis(
        host=server.hostname or "",
        port=server.port or 0,
        username=key["redis_username"],
        password=key["key"],
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        single_connection_client=True,
    )
    try:
        client.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py
    except redis.exceptions.ResponseError as error:
        return not str(error).lower().startswith(tuple(word.lower() for word in REFUSALS))
    except redis.exceptions.AuthenticationError:  # of AUTH, which no rule forbids
        return True
    finally:
        client.close()
    return True


def test_nothing_is_executed(api: httpx.Client, ready: Ready, platform: Platform) -> None:
    made = make(api, ready, scopes=["admin"])
    door = httpx.Client(base_url=ready.url, headers={"Authorization": f"Bearer {made['key']}"})
    with door:
        door.post("", json=["SET", "simulated", "1"]).raise_for_status()
        for line in ("DEL simulated", "SET simulated 2", "FLUSHALL", "INCR simulated", "SAVE"):
            body = {"instance": ready.instance_id, "command": line}
            judged = api.post(f"/api-keys/{made['id']}/simulate", json=body).json()
            assert judged["http"]["allowed"] is True, line
        assert door.post("", json=["GET", "simulated"]).json() == {"result": "1"}
    api.delete(f"/api-keys/{made['id']}")

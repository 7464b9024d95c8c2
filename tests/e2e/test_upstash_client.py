"""The official Python client against the running platform: only URL and token are changed."""

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e


@pytest.fixture
def redis(ready: Ready) -> Iterator[Redis]:
    with Redis(url=ready.url, token=ready.token, allow_telemetry=True) as client:
        yield client


def test_strings(redis: Redis) -> None:
    assert redis.set("py:a", "ü☃", ex=100)
    assert redis.get("py:a") == "ü☃"
    assert 0 < redis.ttl("py:a") <= 100
    assert redis.delete("py:n") in {0, 1}
    assert [redis.incr("py:n"), redis.incrby("py:n", 5), redis.decr("py:n")] == [1, 6, 5]
    assert not redis.set("py:a", "x", nx=True)
    assert redis.exists("py:a", "py:never") == 1
    assert redis.incrbyfloat("py:n", 0.5) == 5.5


def test_hashes_lists_sets_and_sorted_sets(redis: Redis) -> None:
    redis.delete("py:h", "py:l", "py:s", "py:z")
    assert redis.hset("py:h", values={"one": 1, "two": 2}) == 2
    assert redis.hgetall("py:h") == {"one": "1", "two": "2"}
    assert redis.rpush("py:l", "a", "b", "c") == 3
    assert redis.lpop("py:l", 2) == ["a", "b"]
    assert redis.sadd("py:s", "x", "y") == 2
    assert redis.smembers("py:s") in (["x", "y"], {"x", "y"}, ["y", "x"])
    assert redis.zadd("py:z", {"m": 1.5, "n": 2}) == 2
    assert redis.zrange("py:z", 0, -1, withscores=True) == [("m", 1.5), ("n", 2.0)]


def test_json_values_survive(redis: Redis) -> None:
    redis.set("py:j", json.dumps({"deep": [1, None, "ü"]}))
    assert json.loads(str(redis.get("py:j"))) == {"deep": [1, None, "ü"]}


def test_scripts_and_noscript(redis: Redis) -> None:
    assert redis.eval("return {KEYS[1], ARGV[1], 7}", ["k"], ["v"]) == ["k", "v", 7]
    digest = redis.script_load("return ARGV[1]")
    assert redis.evalsha(digest, [""], ["x"]) == "x"
    with pytest.raises(UpstashError, match="NOSCRIPT No matching script"):
        redis.evalsha("f" * 40, [], [])


def test_the_text_is_sent_when_the_server_has_forgotten_the_script(redis: Redis) -> None:
    script = f"return redis.call('INCR', KEYS[1]) -- {uuid4()}"
    digest = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
    key = f"py:script:{uuid4()}"
    with pytest.raises(UpstashError, match="NOSCRIPT"):
        redis.evalsha(digest, [key], [])
    assert redis.eval(script, [key], []) == 1
    assert redis.evalsha(digest, [key], []) == 2


def test_pipeline_and_transaction(redis: Redis) -> None:
    pipeline = redis.pipeline()
    pipeline.set("py:p", 1)
    pipeline.incr("py:p")
    pipeline.get("py:p")
    assert pipeline.exec() == [True, 2, "2"]
    transaction = redis.multi()
    transaction.incr("py:p")
    transaction.incr("py:p")
    assert transaction.exec() == [3, 4]


def test_scan_comes_to_an_end(redis: Redis) -> None:
    for number in range(30):
        redis.set(f"py:scan:{number}", number)
    found: set[str] = set()
    cursor = 0
    for _ in range(200):
        cursor, keys = redis.scan(cursor, match="py:scan:*", count=50)
        found.update(keys)
        if cursor == 0:
            break
    assert len(found) == 30


def test_errors_are_the_servers_own(redis: Redis) -> None:
    redis.delete("py:list")
    redis.rpush("py:list", "x")
    with pytest.raises(UpstashError, match="WRONGTYPE Operation against a key"):
        redis.get("py:list")


def test_wrong_token_is_refused(ready: Ready) -> None:
    with (
        Redis(url=ready.url, token="nonsense", rest_retries=0) as stranger,
        pytest.raises(UpstashError, match="WRONGPASS"),
    ):
        stranger.get("py:a")


def test_streams(redis: Redis) -> None:
    redis.delete("py:x")
    assert redis.xadd("py:x", "1-1", {"who": "ann", "n": 7}) == "1-1"
    assert redis.xlen("py:x") == 1
    entries: object = redis.xrange("py:x", "-", "+")  # lists, whatever its annotations say
    assert entries == [["1-1", ["who", "ann", "n", "7"]]]
    assert redis.execute(["XGROUP", "CREATE", "py:x", "g", "0"]) == "OK"
    found = redis.execute(["XREADGROUP", "GROUP", "g", "me", "STREAMS", "py:x", ">"])
    assert found == [["py:x", [["1-1", ["who", "ann", "n", "7"]]]]]


def test_bits_places_and_counts(redis: Redis) -> None:
    redis.delete("py:b", "py:g", "py:c")
    assert redis.setbit("py:b", 7, 1) == 0
    assert redis.bitfield("py:b").get("u8", 0).incrby("u8", 0, 2).execute() == [1, 3]
    assert redis.geoadd("py:g", (13.361389, 38.115556, "Palermo")) == 1
    [place] = redis.geopos("py:g", "Palermo")
    assert place is not None
    assert [round(degrees, 3) for degrees in place] == [13.361, 38.116]
    assert redis.pfadd("py:c", "a", "b", "a")
    assert redis.pfcount("py:c") == 2


TEXTS = ["", "OK", "👩🏽‍🚀 ☃", "a\0\r\nb", "9007199254740993", "*1\r\n$4\r\nPING\r\n", "x" * 2**20]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts_come_back(redis: Redis, text: str) -> None:
    redis.set("py:text", text)
    assert redis.get("py:text") == text
    assert redis.mget("py:text", "py:text") == [text, text]


def test_an_error_in_a_pipeline_is_raised_after_all_have_run(redis: Redis) -> None:
    redis.set("py:wrong", "x")
    pipeline = redis.pipeline()
    pipeline.lpush("py:wrong", "y")
    pipeline.set("py:right", 5)
    with pytest.raises(UpstashError, match="WRONGTYPE"):
        pipeline.exec()
    assert redis.get("py:right") == "5"


def test_flags_that_only_upstash_has_do_no_harm(redis: Redis) -> None:
    script = "#!lua flags=allow-key-locking\nreturn ARGV[1]"
    digest = redis.script_load(script)
    assert digest == hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
    assert redis.evalsha(digest, ["", ""], ["x"]) == "x"
    assert redis.script_exists(digest) == [True]


def test_a_token_is_told_to_who_has_it_already(redis: Redis, ready: Ready) -> None:
    user = urlsplit(ready.redis_url).username or ""
    assert redis.execute(["ACL", "RESTTOKEN", user, ready.token]) == ready.token
    with pytest.raises(UpstashError, match=f'Wrong password or user "{user}" does not exist'):
        redis.execute(["ACL", "RESTTOKEN", user, "guess"])

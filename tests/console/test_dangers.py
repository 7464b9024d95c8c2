"""Which commands are asked about, and in which words."""

import pytest

from console.dangers import Place, Question, danger_of
from console.replies import Plain

PLACE = Place("cache", 0)
KEYSPACE = "# Keyspace\r\ndb0:keys=1204,expires=0,avg_ttl=0\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n"
MANY = " ".join(f"k{n}" for n in range(10))

ASKED: list[tuple[str, list[Plain], str]] = [
    ("FLUSHDB", [1204], "FLUSHDB will remove 1,204 keys of db 0 of cache."),
    ("flushdb ASYNC", [1], "FLUSHDB will remove 1 key of db 0 of cache."),
    ("FLUSHALL", [KEYSPACE], "FLUSHALL will remove 1,205 keys in 2 databases of cache."),
    ("KEYS *", [5], "KEYS goes through 5 keys of db 0 in one go"),
    ("SWAPDB 0 3", [KEYSPACE], "SWAPDB exchanges db 0 (1,204 keys) and db 3 (1 key) of cache"),
    (f"DEL {MANY}", [7], "DEL will remove 7 of the 10 keys named"),
    ("UNLINK user:*", [0], "It takes names, not patterns: user:* is one key."),
    ("SCRIPT FLUSH", [], "SCRIPT FLUSH removes every cached script of cache."),
    ("function flush", [], "FUNCTION FLUSH removes every library"),
    ("CONFIG SET maxmemory 1", [], "CONFIG SET changes how the server works"),
    ("CLIENT KILL ID 3", [], "CLIENT KILL closes connections"),
    ("SORT l", [0, 0, 5000], "SORT would read 5,000 elements at once. Add LIMIT."),
    ("HGETALL h", [1_000_000], "HGETALL would read 1,000,000 elements at once."),
    ("SMEMBERS s", [1001], "SSCAN reads it in small steps."),
    ("SUNION a b", [600, 600], "SUNION would read 1,200 elements at once."),
    ("LRANGE l 0 -1", [2000], "LRANGE would read 2,000 elements at once."),
    ("ZRANGEBYSCORE z -inf +inf", [2000], "ZRANGEBYSCORE would read"),
    ("XRANGE x - +", [2000], "COUNT reads a part."),
    ("GET big", [2_000_000], "GETRANGE reads a part."),
]
NOT_ASKED: list[tuple[str, list[Plain]]] = [
    ("SMEMBERS s", [1000]),
    ("SMEMBERS s", ["WRONGTYPE Operation against a key"]),
    ("DEL a b", [2]),
    ("LRANGE l 0 10", []),
    ("LRANGE l -10 -1", []),
    ("SORT l LIMIT 0 10", []),
    ("XRANGE x - + COUNT 10", []),
    ("GET small", [10]),
    ("HGETALL", []),
    ("GET", []),
]


def judge(line: str, answers: list[Plain]) -> Question | None:
    words = line.encode().split()
    danger = danger_of(words)
    assert danger is not None
    assert len(danger.looks(words)) == len(answers)
    return danger.judge(words, answers, PLACE)


@pytest.mark.parametrize(("line", "answers", "text"), ASKED)
def test_it_is_asked_what_would_be_touched(line: str, answers: list[Plain], text: str) -> None:
    question = judge(line, answers)
    assert question is not None
    assert text in question.text


@pytest.mark.parametrize(("line", "answers"), NOT_ASKED)
def test_what_is_small_is_not_asked(line: str, answers: list[Plain]) -> None:
    assert judge(line, answers) is None


@pytest.mark.parametrize("line", ["SET a b", "SCRIPT LOAD x", "PING", "SCAN 0", "CLIENT LIST"])
def test_what_touches_little_is_no_danger(line: str) -> None:
    assert danger_of(line.encode().split()) is None


@pytest.mark.parametrize("line", ["FLUSHDB", "FLUSHALL"])
def test_removing_everything_needs_the_typed_name(line: str) -> None:
    question = judge(line, [1])
    assert question is not None
    assert question.phrase == "cache"

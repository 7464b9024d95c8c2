"""Commands that a person is asked about first, and what they would touch.

What makes a command dangerous, and which sizes to look at, is decided here without a server;
``questions`` looks and words it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from console.replies import Plain

MANY_ELEMENTS = 1000
MANY_KEYS = 10
MANY_BYTES = 1_000_000

Words = Sequence[bytes]
Looks = list[Sequence[bytes | str]]


@dataclass(frozen=True, slots=True)
class Place:
    """What a question speaks of: the instance's name and the database that is selected."""

    instance: str
    database: int


@dataclass(frozen=True, slots=True)
class Question:
    """``phrase`` must be typed; empty where a press on the button is enough."""

    text: str
    phrase: str = ""
    destroys: bool = True


Judge = Callable[[Words, list[Plain], Place], Question | None]


@dataclass(frozen=True, slots=True)
class Danger:
    """``looks`` are asked of the server first; with the answers ``judge`` decides."""

    looks: Callable[[Words], Looks]
    judge: Judge


def danger_of(words: Words) -> Danger | None:
    """Find what is dangerous about a command, if anything may be."""
    name = words[0].upper()
    danger = _COMMANDS.get(name)
    if danger is None and len(words) > 1:
        danger = _COMMANDS.get(name + b" " + words[1].upper())
    return danger


def count(number: int, one: str, many: str = "") -> str:
    """Write a number of things in words."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _number(answer: Plain) -> int:
    # An error, because the key is of another type or the scope may not look, says nothing.
    return answer if isinstance(answer, int) else 0


def _keyspace(answer: Plain) -> Mapping[int, int]:
    """Read the number of keys of each database from INFO keyspace."""
    lines = [line for line in str(answer).splitlines() if line.startswith("db")]
    pairs = [line[2:].split(":keys=") for line in lines]
    return {int(database): int(rest.partition(",")[0]) for database, rest in pairs}


def _flushdb(_: Words, answers: list[Plain], place: Place) -> Question:
    keys = count(_number(answers[0]), "key")
    text = f"FLUSHDB will remove {keys} of db {place.database} of {place.instance}."
    return Question(text, phrase=place.instance)


def _flushall(_: Words, answers: list[Plain], place: Place) -> Question:
    counts = [number for number in _keyspace(answers[0]).values() if number]
    where = count(len(counts), "database")
    text = f"FLUSHALL will remove {count(sum(counts), 'key')} in {where} of {place.instance}."
    return Question(text, phrase=place.instance)


def _keys(_: Words, answers: list[Plain], place: Place) -> Question:
    keys = count(_number(answers[0]), "key")
    return Question(
        f"KEYS goes through {keys} of db {place.database} in one go, and {place.instance} answers "
        "nobody else meanwhile. SCAN does it in small steps.",
        destroys=False,
    )


def _swapdb(words: Words, answers: list[Plain], place: Place) -> Question:
    keys = _keyspace(answers[0])
    shown = [
        f"db {number.decode()} ({count(keys.get(int(number), 0), 'key')})"
        for number in words[1:3]
        if number.isdigit()
    ]
    return Question(
        f"SWAPDB exchanges {' and '.join(shown)} of {place.instance}, for every program at once."
    )


def _del(words: Words, answers: list[Plain], place: Place) -> Question | None:
    named = set(words[1:])
    patterns = [name for name in named if b"*" in name or b"?" in name]
    if len(named) < MANY_KEYS and not patterns:
        return None
    name = words[0].upper().decode()
    text = f"{name} will remove {_number(answers[0]):,} of the {count(len(named), 'key')} named"
    text += f", from db {place.database} of {place.instance}."
    if patterns:
        text += f" It takes names, not patterns: {patterns[0].decode(errors='replace')} is one key."
    return Question(text)


def _says(text: str) -> Danger:
    """Ask without a look: the command touches all there is of something."""
    return Danger(lambda _: [], lambda _w, _a, place: Question(f"{text} of {place.instance}."))


def _whole(size_command: str, instead: str, *, is_whole: Callable[[Words], bool]) -> Danger:
    """Ask about reading a large collection as a whole."""

    def looks(words: Words) -> Looks:
        return [(size_command, words[1])] if len(words) > 1 and is_whole(words) else []

    def judge(words: Words, answers: list[Plain], _: Place) -> Question | None:
        size = sum(map(_number, answers))
        if size <= MANY_ELEMENTS:
            return None
        text = f"{words[0].upper().decode()} would read {count(size, 'element')} at once."
        return Question(f"{text} {instead}", destroys=False)

    return Danger(looks, judge)


def _sets(words: Words) -> Looks:
    return [("SCARD", name) for name in words[1 : 1 + MANY_KEYS]]


def _sort(words: Words) -> Looks:
    if len(words) < 2 or any(word.upper() == b"LIMIT" for word in words):
        return []
    return [(size, words[1]) for size in ("LLEN", "SCARD", "ZCARD")]


def _big_string(words: Words, answers: list[Plain], _: Place) -> Question | None:
    size = _number(answers[0]) if answers else 0
    if size <= MANY_BYTES:
        return None
    text = f"{words[0].upper().decode()} would read {count(size, 'byte')} at once."
    return Question(f"{text} GETRANGE reads a part.", destroys=False)


def _always(_: Words) -> bool:
    return True


def _is_long_range(words: Words) -> bool:
    """Tell whether START and STOP may span more than a few elements."""
    try:
        start, stop = int(words[2]), int(words[3])
    except (IndexError, ValueError):
        return len(words) > 3 and not any(word.upper() in (b"LIMIT", b"COUNT") for word in words)
    return (start < 0) != (stop < 0) or stop - start > MANY_ELEMENTS


def _look(*command: str) -> Callable[[Words], Looks]:
    return lambda _: [command]


def _key_looks(command: str) -> Callable[[Words], Looks]:
    return lambda words: [(command, words[1])] if len(words) > 1 else []


_hash = _whole("HLEN", "HSCAN reads it in small steps.", is_whole=_always)
_list = _whole("LLEN", "Name a smaller range.", is_whole=_is_long_range)
_sorted_set = _whole("ZCARD", "Name a smaller range, or use LIMIT.", is_whole=_is_long_range)
_stream = _whole("XLEN", "COUNT reads a part.", is_whole=_is_long_range)
_set = Danger(_sets, _whole("SCARD", "SSCAN reads it in small steps.", is_whole=_always).judge)
_delete = Danger(lambda words: [("EXISTS", *dict.fromkeys(words[1:]))], _del)

_COMMANDS: dict[bytes, Danger] = {
    b"FLUSHDB": Danger(_look("DBSIZE"), _flushdb),
    b"FLUSHALL": Danger(_look("INFO", "keyspace"), _flushall),
    b"KEYS": Danger(_look("DBSIZE"), _keys),
    b"SWAPDB": Danger(_look("INFO", "keyspace"), _swapdb),
    b"DEL": _delete,
    b"UNLINK": _delete,
    b"SCRIPT FLUSH": _says("SCRIPT FLUSH removes every cached script"),
    b"FUNCTION FLUSH": _says("FUNCTION FLUSH removes every library of functions"),
    b"CONFIG SET": _says("CONFIG SET changes how the server works, for every program"),
    b"CONFIG RESETSTAT": _says("CONFIG RESETSTAT sets all counters back to zero"),
    b"CLIENT KILL": _says("CLIENT KILL closes connections of programs"),
    b"SORT": Danger(_sort, _whole("", "Add LIMIT.", is_whole=_always).judge),
    b"SORT_RO": Danger(_sort, _whole("", "Add LIMIT.", is_whole=_always).judge),
    b"GET": Danger(_key_looks("STRLEN"), _big_string),
    **dict.fromkeys((b"HGETALL", b"HKEYS", b"HVALS"), _hash),
    **dict.fromkeys((b"SMEMBERS", b"SUNION", b"SINTER", b"SDIFF"), _set),
    **dict.fromkeys((b"ZRANGE", b"ZREVRANGE", b"ZRANGEBYSCORE", b"ZREVRANGEBYSCORE"), _sorted_set),
    **dict.fromkeys((b"XRANGE", b"XREVRANGE"), _stream),
    b"LRANGE": _list,
}

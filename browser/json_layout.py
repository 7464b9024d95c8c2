"""JSON laid out over lines, or on one line, without touching what it says.

Reading and writing it again would change numbers (1e400, 20 digits) and lose names that come
twice, so only the space between the words is changed.
"""

import json
import re
from collections.abc import Iterator

MAX_DEPTH = 100
MAX_CHARACTERS = 2_000_000

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
_EMPTY = {"[": "]", "{": "}"}


class NotJson(ValueError):
    """It isn't JSON, or is nested or laid out beyond what anybody can read."""


def check(text: str) -> None:
    """Raise NotJson unless the text is one JSON value by RFC 8259."""
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from None


def compact(text: str) -> str:
    """Take out the space between the words."""
    check(text)
    return "".join(_WORD.findall(text))


def pretty(text: str) -> str:
    """Give each value a line of its own; raises NotJson."""
    check(text)
    parts: list[str] = []
    size = 0
    for part in _laid_out(_WORD.findall(text)):
        size += len(part)
        if size > MAX_CHARACTERS:
            raise NotJson("It would be too long.")
        parts.append(part)
    return "".join(parts)


def _laid_out(words: list[str]) -> Iterator[str]:
    depth = 0
    before = ""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in "]}":
            depth -= 1
            yield word if _EMPTY.get(before) == word else _line(depth) + word
        elif word in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise NotJson("It is nested too deep.")
            yield word if _EMPTY[word] == after else word + _line(depth)
        elif word == ",":
            yield "," + _line(depth)
        else:
            yield ": " if word == ":" else word
        before = word


def _line(depth: int) -> str:
    return "\n" + "  " * depth


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")

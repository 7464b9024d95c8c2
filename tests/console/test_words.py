"""A line of input becomes the words that redis-cli would send."""

import pytest

from console.printing import printed
from console.replies import Bulk, Many
from console.words import Unbalanced, split
from tests.console.servers import RealServer

LINES = {
    "": [],
    "  \t ": [],
    "SET a b": [b"SET", b"a", b"b"],
    "  SET\t a   b ": [b"SET", b"a", b"b"],
    'SET a "b c"': [b"SET", b"a", b"b c"],
    r'"\x41\x00\xff\n\r\t\b\a\"\\\q"': [b'A\x00\xff\n\r\t\b\a"\\q'],
    r'"\xzz \x4"': [b"xzz x4"],
    r"'it\'s \n'": [rb"it's \n"],
    '"it\'s"': [b"it's"],
    'foo"bar" baz': [b"foobar", b"baz"],
    "\"\" ''": [b"", b""],
    "a\\nb": [b"a\\nb"],
    "grün 🦄": ["grün".encode(), "🦄".encode()],
    "a\0b": [b"a", b"b"],
}
UNBALANCED = ['"a', "'a", '"a"b', "'a'b", '"a\\', 'SET a "b" "c']


@pytest.mark.parametrize(("line", "words"), LINES.items())
def test_line_is_split(line: str, words: list[bytes]) -> None:
    assert split(line) == words


@pytest.mark.parametrize("line", UNBALANCED)
def test_unbalanced_quotes_are_refused(line: str) -> None:
    with pytest.raises(Unbalanced):
        split(line)


def test_lone_surrogate_is_no_crash() -> None:
    assert split("ECHO \ud800") == [b"ECHO", b"\xed\xa0\x80"]


@pytest.mark.parametrize("line", [line for line in LINES if "\0" not in line])
def test_redis_cli_splits_it_alike(server: RealServer, line: str) -> None:
    """No argument of a program can hold NUL, so the words go through redis-cli's input alone."""
    script = "return {unpack(ARGV)}"
    theirs = server.redis_cli([], lines=f'EVAL "{script}" 0 {line}\n')
    words = server.tell("EVAL", script, 0, *split(line))
    assert isinstance(words, list)
    assert (
        theirs.decode() == printed(Many(tuple(Bulk(w, len(w)) for w in words), len(words))) + "\n"
    )


@pytest.mark.parametrize("line", UNBALANCED)
def test_redis_cli_refuses_it_alike(server: RealServer, line: str) -> None:
    assert server.redis_cli([], lines=f"{line}\n").startswith(b"Invalid argument(s)")

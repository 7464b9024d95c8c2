"""What is typed into the search, as the server's pattern; and names as a tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser import tree
from browser.search import How, Search
from tests.data_browser.conftest import RealServer


@pytest.mark.parametrize(
    ("words", "how", "pattern"),
    [
        ("", How.CONTAINS, b"*"),
        ("user", How.CONTAINS, b"*user*"),
        ("user:", How.PREFIX, b"user:*"),
        ("a*b", How.PREFIX, rb"a\*b*"),
        ("user:?", How.PATTERN, b"user:?"),
        (r"\xff", How.CONTAINS, b"*\xff*"),
        (r"\x2a?", How.PATTERN, rb"\*?"),
    ],
)
def test_words_become_a_pattern(words: str, how: How, pattern: bytes) -> None:
    assert Search(words, how).pattern == pattern


@pytest.mark.parametrize("name", [b"a*b", b"a[b]c", b"a?b", b"a\\b", b"a^b", b"-", b"[", b"\\"])
def test_special_characters_of_words_mean_themselves(server: RealServer, name: bytes) -> None:
    server.client.mset({name: "x", b"axb": "x", b"abc": "x"})
    pattern = Search(name.decode(), How.PREFIX).pattern
    assert server.client.keys(pattern) == [name]


def test_tree_counts_keys_below_their_next_part() -> None:
    level = tree.level([b"a:1", b"a:2", b"b", b"a:", b"c::d"], b"", b":")
    assert level.groups == {b"a:": 3, b"c:": 1}
    assert level.keys == [b"b"]


def test_tree_below_a_prefix_goes_on_after_it() -> None:
    level = tree.level([b"a:1", b"a:2:x", b"a:"], b"a:", b":")
    assert level.groups == {b"a:2:": 1}
    assert level.keys == [b"a:", b"a:1"]


def test_tree_puts_9_before_10() -> None:
    assert tree.level([b"a10", b"a9"], b"", b":").keys == [b"a9", b"a10"]


@settings(deadline=None)
@given(st.lists(st.binary(), unique=True), st.binary(min_size=1, max_size=3))
def test_tree_loses_no_key(names: list[bytes], separator: bytes) -> None:
    level = tree.level(names, b"", separator)
    assert sum(level.groups.values()) + len(level.keys) == len(names)

"""Commands as a server reads them: the quick way writes what the plain one does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redisgate.lib.resp import pack, pack_ascii

WORDS = st.text(st.characters(codec="ascii"), max_size=5)
COMMANDS = st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=40)


def _of_one_length(length: int) -> st.SearchStrategy[list[list[str]]]:
    words = st.lists(WORDS, min_size=length, max_size=length)
    return st.lists(words, min_size=16, max_size=40)


@given(COMMANDS | st.integers(1, 4).flatmap(_of_one_length))
def test_ascii_is_packed_as_everything_is(commands: list[list[str]]) -> None:
    assert pack_ascii(commands) == pack(commands)


@pytest.mark.parametrize("size", [4095, 4096])
def test_long_arguments_are_packed_as_short_ones(size: int) -> None:
    commands = [["SET", f"key:{number}", "x" * size] for number in range(20)]
    assert pack_ascii(commands) == pack(commands)

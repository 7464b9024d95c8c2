"""What may ride on a shared connection, as values."""

import pytest

from gateway import policy
from tests.gateway.cases import FORBIDDEN


@pytest.mark.parametrize("command", FORBIDDEN, ids=" ".join)
def test_refused_in_every_case_and_with_a_way_out(command: list[str]) -> None:
    for words in (command, [w.lower() for w in command], [w.title() for w in command]):
        words_out = policy.refusal([word.encode() for word in words])
        assert words_out is not None
        assert words_out.startswith(f"ERR Command is not available: '{command[0]}'. ")


@pytest.mark.parametrize(
    "line",
    [
        "GET a",
        "PING",
        "CLIENT",
        "CLIENT INFO",
        "client list",
        "EVAL return 0",
        "SCRIPT LOAD x",
        "XREAD COUNT 1 STREAMS BLOCK 0",
        "XREAD STREAMS s BLOCK 0 0",
        "XREADGROUP GROUP BLOCK BLOCK COUNT 1 NOACK STREAMS s >",
        "LPOP BLPOP",
        "XREAD",
    ],
)
def test_what_shares_well_may_go(line: str) -> None:
    assert policy.refusal(line.encode().split(b" ")) is None


@pytest.mark.parametrize("name", [b" RESET", b"RESET ", b"RESET\n", b"\tMULTI", b"\xef\xbc\xa1"])
def test_names_with_white_space_are_left_to_the_server(name: bytes) -> None:
    assert policy.refusal([name]) is None


@pytest.mark.parametrize("name", [b"MONITOR\0x", b"\0", b"get\0"])
def test_names_with_nul_never_leave(name: bytes) -> None:
    refusal = policy.refusal([name])
    assert refusal is not None
    assert "NUL" in refusal


@pytest.mark.parametrize("name", [b"INFO", b"info", b"iNfO"])
def test_info_is_known_in_any_case(name: bytes) -> None:
    assert policy.review([[b"GET", b"a"], [name], [name + b"x"]]) == ({}, [1], [])


@pytest.mark.parametrize(
    ("line", "is_telling"),
    [
        ("client list", True),
        ("CLIENT LIST TYPE normal", True),
        ("CLIENT INFO", True),
        ("CLIENT ID", False),
        ("CLIENT", False),
        ("SLOWLOG GET 5", True),
        ("slowlog get\0", True),
        ("SLOWLOG LEN", False),
        ("COMMANDLOG GET 5 slow", True),
        ("GET LIST", False),
    ],
)
def test_replies_that_name_the_host_are_known(line: str, is_telling: bool) -> None:
    assert policy.review([line.encode().split(b" ")]) == ({}, [0] if is_telling else [], [])


def test_a_review_names_places() -> None:
    commands = [[b"PING"], [b"reset"], [b"INFO"], [b"A\0"], [b"eval"], [b"SCAN", b"0"]]
    refusals, telling, foreign = policy.review(commands)
    assert (list(refusals), telling, foreign) == ([1, 3], [2], [4, 5])

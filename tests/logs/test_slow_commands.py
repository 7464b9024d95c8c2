"""Commands that take long are told of by their name, and many of them by a number."""

import pytest

from gateway import slow_commands
from gateway.call import Call, Head
from gateway.core import Response
from gateway.counting import Answered
from observability import slow
from redisgate.lib.line_pace import LinePace


def answered(**headers: str) -> Answered:
    named = {name.encode(): value.encode() for name, value in headers.items()}
    call = Call(Head("POST", b"/redis/x/set/CANARY/v", b"_token=CANARY", named), b"CANARY")
    return Answered(call, None, None, Response(200, b""))


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "_pace", LinePace())


def test_slow_command_is_told_by_its_name(caplog: pytest.LogCaptureFixture) -> None:
    slow_commands.tell(answered(**{"x-request-id": "mine"}), "SET", 1.2345)
    (record,) = caplog.records
    assert record.getMessage() == "slow: POST /redis/<instance> took 1234 ms"
    told = vars(record)
    assert (told["command"], told["status"], told["request_id"]) == ("SET", 200, "mine")
    assert "CANARY" not in str(told)


def test_command_that_waits_on_purpose_is_not_slow(caplog: pytest.LogCaptureFixture) -> None:
    slow_commands.tell(answered(**{"redisgate-block": "5000"}), "BLPOP", 5.0)
    assert caplog.records == []


def test_lines_beyond_the_pace_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.1, 10.2, 10.3, 11.0, 11.1])
    monkeypatch.setattr("redisgate.lib.line_pace.time.monotonic", lambda: next(clock))
    pace = LinePace(2)
    taken = [pace.take() for _ in range(6)]
    assert taken == [{}, {}, None, None, {"left_out": 2}, {}]


@pytest.mark.parametrize(("seconds", "told"), [(60, {"left_out": 1}), (61, {}), (90_000, {})])
def test_what_was_left_out_long_ago_is_not_told_of_what_happens_now(
    monkeypatch: pytest.MonkeyPatch, seconds: float, told: dict[str, int]
) -> None:
    clock = iter([10.0, 10.1, 10.0 + seconds])
    monkeypatch.setattr("redisgate.lib.line_pace.time.monotonic", lambda: next(clock))
    pace = LinePace(1)
    assert [pace.take() for _ in range(3)] == [{}, None, told]

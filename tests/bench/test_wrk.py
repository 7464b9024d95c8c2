import json

import pytest

from bench.wrk import Load, LoadFailed, quoted, read, script


def line(requests: int, **failures: int) -> str:
    counted = {"requests": requests, "microseconds": 2_000_000, "p50": 500, "p99": 1500}
    return "Running 2s test\nRESULT " + json.dumps({**counted, "failures": failures}) + "\n"


def test_a_report_is_read() -> None:
    outcome = read(line(1000, status=0))
    assert (outcome.requests, outcome.seconds) == (1000, 2.0)
    assert (outcome.p50_ms, outcome.p99_ms) == (0.5, 1.5)


def test_failed_requests_are_no_measurement() -> None:
    with pytest.raises(LoadFailed, match="of 1000 requests failed: 3 by status"):
        read(line(1000, read=0, status=3))
    with pytest.raises(LoadFailed, match="of 0 requests failed: all"):
        read(line(0))


def test_a_request_that_stays_the_same_needs_no_function() -> None:
    text = script(Load(port=1, paths=["/a"], bodies=['x\r\n"y"'], headers={"A": "b"}))
    assert r'wrk.body = "x\r\n\"y\""' in text
    assert 'wrk.headers["A"] = "b"' in text
    assert "request = function" not in text


def test_random_requests_are_complete_requests() -> None:
    text = script(Load(port=8000, paths=["/a", "/b"], bodies=["x1", "x2"], is_random=True))
    assert r'{"POST /a HTTP/1.1\r\n", "POST /b HTTP/1.1\r\n"}, {"x1", "x2"}' in text
    assert r'"Host: 127.0.0.1:8000\r\nContent-Length: 2\r\n"' in text


def test_a_changing_head_ends_with_another_token_each_time() -> None:
    text = script(Load(port=1, paths=["/a"], bodies=["x"], is_head_changing=True))
    assert "string.format('%016x', sent)" in text
    assert r"upstash-sync-token: " in text


def test_bodies_of_one_length_only() -> None:
    with pytest.raises(ValueError, match="too many values"):
        script(Load(port=1, paths=["/a"], bodies=["x", "xx"], is_random=True))


def test_only_ascii_is_written() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        quoted("ä")

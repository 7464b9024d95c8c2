"""The bounds of requests: read from settings, kept in front of the body."""

import runpy

import pytest

from gateway.asgi_limits import BodyLimit, Message, Receive, Scope, Send, command_refusal
from gateway.limits import Limits
from redisgate.lib.env import BadSetting
from redisgate.lib.units import MEGABYTE
from tests.platform import ROOT

SETTINGS = str(ROOT / "redisgate" / "settings.py")


def limits_read() -> Limits:
    limits = runpy.run_path(SETTINGS)["GATEWAY_LIMITS"]
    assert isinstance(limits, Limits)
    return limits


def test_without_settings_the_defaults_hold() -> None:
    assert limits_read() == Limits()


def test_bounds_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_REQUEST_MB", "64")
    monkeypatch.setenv("GATEWAY_PATIENCE_SECONDS", "0")
    expected = Limits(request_bytes=64 * MEGABYTE, connect_patience_seconds=0)
    assert limits_read() == expected


@pytest.mark.parametrize("value", ["0", "ten", "1.5", "1e9", "99999"])
def test_a_bound_that_cannot_work_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GATEWAY_REQUEST_MB", value)
    with pytest.raises(BadSetting, match="GATEWAY_REQUEST_MB must be a whole number from 1 to 512"):
        limits_read()


async def test_a_body_within_a_large_limit_arrives_whole() -> None:
    chunks = [b"x" * MEGABYTE] * 40
    arrived: list[bytes] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        arrived.append((await receive())["body"])

    async def receive() -> Message:
        return {"type": "http.request", "body": chunks.pop(), "more_body": bool(chunks)}

    async def send(_message: Message) -> None:
        raise AssertionError("nothing is refused")

    limited = BodyLimit(app, 64 * MEGABYTE, command_refusal)
    await limited({"type": "http", "headers": []}, receive, send)
    assert [len(body) for body in arrived] == [40 * MEGABYTE]

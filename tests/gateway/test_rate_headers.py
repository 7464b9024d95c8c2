"""Rate limits over HTTP: what is counted, and what answers say of it."""

from dataclasses import replace

import pytest

from tests.gateway.doors import WRITER, Door, door, port
from tests.gateway.parts import Server

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSER = {"Origin": "https://a.example"}
FORMS = {
    "single": ("", ["INCR", "n"]),
    "pipeline": ("/pipeline", [["INCR", "n"], ["INCR", "n"]]),
    "transaction": ("/multi-exec", [["INCR", "n"], ["INCR", "n"]]),
}


def limit(door: Door, commands_a_second: int) -> None:
    """Give the door's key a bucket of its own and this limit."""
    door.keys[WRITER] = replace(door.keys[WRITER], rate_limit=commands_a_second)


@pytest.mark.parametrize(("path", "body"), FORMS.values(), ids=FORMS)
async def test_an_answer_says_what_is_left(door: Door, path: str, body: list[object]) -> None:
    limit(door, 1)
    answer = await door.post(path, body, **BROWSER)
    assert answer.status == 200
    assert answer.headers["RateLimit-Policy"] == '"default";q=1;w=1'
    debt = len(body) - 1 if path else 0
    assert answer.headers["RateLimit"] == f'"default";r=0;t={1 + debt}'
    assert answer.headers["X-RateLimit-Limit"] == "1"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.headers["X-RateLimit-Reset"] == str(1 + debt)
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Retry-After", "RateLimit", "RateLimit-Policy"} <= set(exposed)
    assert {f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")} <= set(exposed)


@pytest.mark.parametrize(("path", "body"), FORMS.values(), ids=FORMS)
async def test_above_the_limit_nothing_runs_and_it_says_when_to_try_again(
    door: Door, server: Server, path: str, body: list[object]
) -> None:
    limit(door, 1)
    await door.post("/pipeline", [["SET", "n", "0"]] * 30)
    refused = await door.post(path, body)
    assert refused.status == 429
    assert refused.error.startswith(
        "ERR rate limit exceeded: this API key may run 1 commands a second. Nothing was executed."
    )
    assert 28 <= int(refused.headers["Retry-After"]) <= 30
    assert refused.headers["RateLimit"].startswith('"default";r=0;t=')
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert server.tell("GET", "n") == b"0"


async def test_a_default_key_sends_a_thousand_at_once_and_then_waits(door: Door) -> None:
    limit(door, 100)
    batch = await door.post("/pipeline", [["PING"]] * 1000)
    assert batch.json == [{"result": "PONG"}] * 1000
    refused = await door.post("", ["PING"])
    assert refused.status == 429
    assert 8 <= int(refused.headers["Retry-After"]) <= 10


async def test_a_mistake_costs_nothing_and_still_says_what_is_left(door: Door) -> None:
    limit(door, 100)
    answer = await door.post("", {})
    assert answer.status == 400
    assert answer.headers["RateLimit"] == '"default";r=100;t=0'


async def test_who_has_no_key_is_told_of_no_limit(door: Door) -> None:
    answer = await door.get("/ping")
    assert answer.status == 401
    assert "RateLimit" not in answer.headers

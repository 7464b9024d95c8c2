"""At most once over several workers, one of which may die in between."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from uuid import uuid4

import httpx
import pytest

from tests.platform import Platform
from tests.roles import web_workers
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

EXPIRE_DEADLINES = """
from django.utils.timezone import now
from repeats.models import RememberedRequest
RememberedRequest.objects.update(deadline_at=now())
"""
SLOWLY = """
local since = os.clock()
redis.call('INCR', KEYS[1])
while os.clock() - since < 1 do end
return redis.call('GET', KEYS[1])
"""


def send(kit: dict[str, str], body: object, name: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {kit['token']}"}
    if name is not None:
        headers["Idempotency-Key"] = name
    # A connection of its own, so that any worker may get it.
    return httpx.post(kit["url"], json=body, headers=headers, timeout=60)


def test_thirty_two_equal_requests_run_once(platform: Platform) -> None:
    kit = platform.quickstart()
    key, name = f"n-{uuid4()}", str(uuid4())
    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda _: send(kit, ["INCR", key], name), range(32)))
    seen = Counter(
        (answer.status_code, answer.headers.get("Idempotency-Replayed", "")) for answer in answers
    )
    assert seen[200, ""] == 1
    assert set(seen) <= {(200, ""), (200, "true"), (409, "")}
    assert {answer.json()["result"] for answer in answers if answer.status_code == 200} == {1}
    assert send(kit, ["GET", key]).json() == {"result": "1"}


def test_a_request_whose_worker_was_killed_never_runs_again(platform: Platform) -> None:
    kit = platform.quickstart()
    key, name = f"n-{uuid4()}", str(uuid4())
    command = ["EVAL", SLOWLY, "1", key]
    with ThreadPoolExecutor(2) as clients:
        asked = [clients.submit(send, kit, command, name) for _ in range(2)]
        second = next(as_completed(asked))
        asked.remove(second)
        assert second.result().status_code == 409  # so the other one is running
        killed = web_workers(platform)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert isinstance(asked[0].exception(), httpx.TransportError)
    wait_until(lambda: len(set(web_workers(platform)) - set(killed)) >= len(killed))

    assert send(kit, command, name).status_code == 409
    assert platform.manage("shell", "-c", EXPIRE_DEADLINES).returncode == 0
    unknown = send(kit, command, name)

    assert (unknown.status_code, unknown.headers["Idempotency-Replayed"]) == (502, "true")
    assert "It is unknown whether it ran" in unknown.json()["error"]
    wait_until(lambda: send(kit, ["PING"]).status_code == 200)  # the script may still run
    assert send(kit, ["GET", key]).json()["result"] in (None, "1")

"""A rotated key: both secrets on all ways, who uses them, and the end of the former one."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.e2e.conftest import Ready, make
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

CONNECTIONS = 6
DAY = 86_400


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class Holder:
    """Somebody with one of the secrets, on several connections to the gateway and a native one."""

    def __init__(self, ready: Ready, user: str, secret: str, name: str, stack: ExitStack) -> None:
        headers = {"Authorization": f"Bearer {secret}", "User-Agent": name}
        self.doors = [
            stack.enter_context(httpx.Client(base_url=ready.url, headers=headers, timeout=60))
            for _ in range(CONNECTIONS)
        ]
        server = urlsplit(ready.redis_url)
        self.native = redis.Redis(
            host=server.hostname or "",
            port=server.port or 0,
            username=user,
            password=secret,
            retry=Retry(NoBackoff(), 0),
        )
        stack.callback(self.native.close)

    def statuses(self) -> set[int]:
        return {door.post("", json=["SET", "own:a", "1"]).status_code for door in self.doors}

    def goes_natively(self) -> bool:
        with suppress(redis.ConnectionError):  # closed once, when the other secret ended
            return bool(self.native.set("own:a", "1"))
        try:
            return bool(self.native.set("own:a", "1"))
        except redis.AuthenticationError:
            return False


@pytest.mark.parametrize("patterns", [[], ["own:*"]], ids=["shared", "own connection"])
def test_both_secrets_work_everywhere_until_the_former_is_ended(
    api: httpx.Client, ready: Ready, stack: ExitStack, patterns: list[str]
) -> None:
    made = make(api, ready, key_patterns=patterns, rate_limit=100_000)
    url, user = f"/api-keys/{made['id']}", made["redis_username"]
    old = Holder(ready, user, made["key"], "elder/1", stack)
    assert (old.statuses(), old.goes_natively()) == ({200}, True)
    rotated = api.post(f"{url}/rotate", json={"grace_seconds": DAY}).raise_for_status().json()
    new = Holder(ready, user, rotated["key"], "younger/2", stack)
    for holder in (old, new, old):
        assert (holder.statuses(), holder.goes_natively()) == ({200}, True)

    def seen() -> set[tuple[str, bool]]:
        # For a moment the gateway still knows the former secret as the only one, and notes nothing.
        assert old.statuses() == {200}
        found: dict[str, Any] = api.get(f"{url}/former-secret").json()
        return {(use["client"], use["is_former"]) for use in found["uses"]}

    wait_until(lambda: seen() == {("elder/1", True), ("younger/2", False)}, "both are seen")
    api.delete(f"{url}/former-secret").raise_for_status()
    ended_at = last_at = time.monotonic()
    while (statuses := old.statuses()) != {401}:
        last_at = time.monotonic()
        # Never a refusal for whoever has the right secret, whatever comes in between.
        assert new.statuses() == {200}
        assert last_at - ended_at < 3, statuses
    assert last_at - ended_at < 1
    assert not old.goes_natively()
    assert (new.statuses(), new.goes_natively()) == ({200}, True)
    assert api.get(f"{url}/former-secret").json()["former_secret"] is None
    api.delete(url)


def test_key_for_other_networks_opens_nothing_here(
    api: httpx.Client, ready: Ready, stack: ExitStack
) -> None:
    made = make(api, ready, networks=["203.0.113.0/24"], key_patterns=["own:*"])
    holder = Holder(ready, made["redis_username"], made["key"], "elsewhere/1", stack)
    assert (holder.statuses(), holder.goes_natively()) == ({403}, False)
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"}
    assert holder.doors[0].post("", json=["PING"], headers=forged).status_code == 403
    here = {"networks": ["127.0.0.0/8", "::1"]}
    api.patch(f"/api-keys/{made['id']}", json=here).raise_for_status()
    wait_until(lambda: holder.statuses() == {200}, "it works from here")
    assert not holder.goes_natively()
    api.delete(f"/api-keys/{made['id']}")

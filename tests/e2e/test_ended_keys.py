"""A key that was revoked, expired or narrowed is that within a second, on every worker.

``TEST_ROUNDS=50`` makes a sized run of it, which prints each figure.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError
from redis.retry import Retry

from tests.conftest import FIGURE
from tests.e2e.conftest import Ready
from tests.platform import Platform
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

Record = Callable[[str, object], None]

IS_SIZED = "TEST_ROUNDS" in os.environ
ROUNDS = range(int(os.environ.get("TEST_ROUNDS", "3")))
CONNECTIONS = 8
REFUSALS = (redis.AuthenticationError, NoPermissionError, redis.ConnectionError)


@dataclass
class Holder:
    """Somebody with a key, who keeps connections to several workers and to the server."""

    id: str
    doors: list[httpx.Client]
    native: "redis.Redis"
    log_in: Callable[[], "redis.Redis"]

    def may(self, *command: str) -> set[bool]:
        """Say whether the command goes, on all ways; one answer where all of them agree."""
        return {_goes(way) for way in self._ways(command)}

    def seconds_until_refused(self, *command: str, since: float) -> float:
        """Try until all ways refuse, and give when the last try began that wasn't refused."""
        last_at = since

        def is_refused_everywhere() -> bool:
            nonlocal last_at
            goes = False
            for way in self._ways(command):
                began_at = time.monotonic()
                if _goes(way):
                    goes, last_at = True, began_at
            return not goes

        wait_until(is_refused_everywhere, "it is refused everywhere")
        return last_at - since

    def _ways(self, command: tuple[str, ...]) -> list[Callable[[], object]]:
        return [
            *(partial(door.post, "", json=command) for door in self.doors),
            partial(self.native.execute_command, *command),
            lambda: self.log_in().execute_command(*command),  # type: ignore[no-untyped-call]
        ]


def _goes(send: Callable[[], object]) -> bool:
    try:
        answer = send()
    except REFUSALS:
        return False
    if isinstance(answer, httpx.Response):
        assert answer.status_code in {200, 400, 401, 403}, answer.text
        return answer.status_code == 200
    return True


@dataclass
class Desk:
    """Where keys are made and ended, as programs do it."""

    ready: Ready
    program: httpx.Client
    stack: ExitStack

    def make(self, **wish: object) -> Holder:
        body = {"name": "ending", "scopes": ["write"], "rate_limit": 10_000, **wish}
        made = self.program.post("", json=body).raise_for_status().json()
        self.stack.callback(self.program.delete, f"/{made['id']}")
        bearer = {"Authorization": f"Bearer {made['key']}"}
        doors = [
            self.stack.enter_context(
                httpx.Client(base_url=self.ready.url, headers=bearer, timeout=60)
            )
            for _ in range(CONNECTIONS)
        ]
        server = urlsplit(self.ready.redis_url)

        def log_in() -> "redis.Redis":
            client = redis.Redis(
                host=server.hostname or "",
                port=server.port or 0,
                username=made["redis_username"],
                password=made["key"],
                retry=Retry(NoBackoff(), 0),
            )
            self.stack.callback(client.close)
            return client

        return Holder(made["id"], doors, log_in(), log_in)

    def revoke(self, holder: Holder) -> None:
        self.program.delete(f"/{holder.id}").raise_for_status()


def check(holder: Holder, *command: str, record: Record) -> None:
    """Wait until the command is refused everywhere, which must take less than a second."""
    seconds = holder.seconds_until_refused(*command, since=time.monotonic())
    if IS_SIZED:
        record(FIGURE, f"{command[0]} refused everywhere after {seconds:.3f} s")
    assert seconds < 1


@pytest.fixture(scope="session")
def access(ready: Ready, platform: Platform) -> str:
    """One log-in for all rounds, because log-ins are limited."""
    who = {"email": ready.email, "password": ready.password}
    login = httpx.post(f"{platform.url}/auth/login", json=who).raise_for_status().json()
    return str(login["access"])


@pytest.fixture
def desk(ready: Ready, platform: Platform, access: str) -> Iterator[Desk]:
    with ExitStack() as stack:
        program = httpx.Client(
            base_url=f"{platform.url}/api/organizations/{ready.organization_id}/api-keys",
            headers={"Authorization": f"Bearer {access}"},
            timeout=60,
        )
        yield Desk(ready, stack.enter_context(program), stack)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_revoked_key_is_dead_everywhere(desk: Desk, record_property: Record, _round: int) -> None:
    holder = desk.make()
    assert holder.may("GET", "ending") == {True}
    desk.revoke(holder)
    check(holder, "GET", "ending", record=record_property)


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_expired_key_is_dead_everywhere(
    desk: Desk, record_property: Record, _round: int
) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=3)
    holder = desk.make(expires_at=ends_at.isoformat())
    wait_until(lambda: datetime.now(UTC) >= ends_at)
    check(holder, "GET", "ending", record=record_property)


NARROWER: dict[str, dict[str, object]] = {
    "scopes": {"scopes": ["read"]},
    "key patterns": {"key_patterns": ["other:*"]},
    "networks": {"networks": ["203.0.113.0/24"]},
}


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize("change", NARROWER.values(), ids=NARROWER)
def test_a_key_that_was_narrowed_writes_nowhere(
    desk: Desk, record_property: Record, change: dict[str, object], _round: int
) -> None:
    holder = desk.make()
    assert holder.may("SET", "ending", "1") == {True}
    desk.program.patch(f"/{holder.id}", json=change).raise_for_status()
    check(holder, "SET", "ending", "2", record=record_property)
    assert holder.may("GET", "ending") == {change == NARROWER["scopes"]}

"""A rate limit in four web processes: with the shared store, without it, with it again."""

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import redis

from gateway.rate_store import PREFIX
from tests import prepared
from tests.conftest import FIGURE
from tests.platform import Platform, processes_of, running
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

WORKERS = 4
LIMIT = 500
BATCH = json.dumps([["PING"]] * 5)
REQUESTS_A_CONNECTION = 10


@dataclass
class Load:
    """Threads that ask for more than the limit; what they were told is in ``answers``."""

    url: str
    token: str = field(repr=False)
    answers: list[tuple[float, int, float]] = field(default_factory=list)
    """When each answer came, its status, and how long it took."""
    is_over: bool = False

    def run(self) -> None:
        address = urlsplit(self.url)
        while not self.is_over:
            # A new connection now and then, so that every web process is asked.
            connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
            for _ in range(REQUESTS_A_CONNECTION):
                self._ask(connection, address.path + "/pipeline")
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, path: str) -> None:
        asked_at = time.monotonic()
        connection.request("POST", path, BATCH, {"Authorization": f"Bearer {self.token}"})
        answer = connection.getresponse()
        answer.read()
        now = time.monotonic()
        self.answers.append((now, answer.status, now - asked_at))

    def admitted(self, since: float, until: float) -> int:
        """Count the commands that ran between two moments."""
        times = [at for at, status, _ in self.answers if status == 200 and since <= at < until]
        return len(times) * 5

    def rate_over(self, seconds: float) -> float:
        """Measure the commands a second from now on."""
        begin = time.monotonic()
        wait_until(lambda: time.monotonic() - begin >= seconds, seconds=seconds + 10)
        end = time.monotonic()
        return self.admitted(begin, end) / (end - begin)


@contextmanager
def load_on(kit: dict[str, str]) -> Iterator[Load]:
    load = Load(kit["url"], kit["token"])
    threads = [threading.Thread(target=load.run) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.is_over = True
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with (
        prepared.directory() as data_dir,
        running(data_dir, WEB_WORKERS=str(WORKERS), LOG_LEVEL="WARNING") as platform,
    ):
        yield platform


@pytest.fixture(scope="module")
def kit(platform: Platform) -> dict[str, str]:
    return platform.quickstart("--rate-limit", str(LIMIT))


def store_of(platform: Platform) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(platform.data_dir / "run" / "platform.sock"))


def bucket_of(platform: Platform) -> dict[bytes, float]:
    """Read the one bucket that there is: its tokens, when it was filled, and who uses it."""
    with store_of(platform) as client, suppress(redis.ConnectionError):
        for key in client.keys(PREFIX + "*"):
            return {name: float(value) for name, value in client.hgetall(key).items()}
    return {}


def all_share_a_bucket(platform: Platform) -> bool:
    return len(bucket_of(platform).keys() - {b"tokens", b"at"}) == WORKERS


def store_pid(platform: Platform) -> int:
    with store_of(platform) as client:
        pid = int(client.info("server")["process_id"])
    assert pid in processes_of(platform.data_dir)
    return pid


def test_the_limit_is_exact_over_four_web_processes(
    platform: Platform, kit: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    wait_until(lambda: not bucket_of(platform), "it is full again, and forgotten")
    begin = time.monotonic()
    with load_on(kit) as load:
        wait_until(lambda: all_share_a_bucket(platform), "all share the bucket")
        load.rate_over(10)
    end = time.monotonic()
    # A full bucket at the beginning; what was admitted above it for a moment is paid by now.
    rate = (load.admitted(begin, end) - LIMIT) / (end - begin)
    record_property(FIGURE, f"rate limit {LIMIT}/s over {WORKERS} web processes: {rate:.0f}/s")
    assert {status for _, status, _ in load.answers} == {200, 429}
    assert rate == pytest.approx(LIMIT, rel=0.05)


def test_without_the_store_requests_go_on_and_limits_come_back_with_it(
    platform: Platform, kit: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    pid = store_pid(platform)
    with load_on(kit) as load:
        wait_until(lambda: all_share_a_bucket(platform), "all share the bucket")
        os.kill(pid, signal.SIGSTOP)
        try:
            wait_until(lambda: load.rate_over(0.5) > LIMIT * 1.3, "each counts alone")
            alone = load.rate_over(2)
        finally:
            os.kill(pid, signal.SIGCONT)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: all_share_a_bucket(platform), "they share a bucket again")
        wait_until(lambda: load.rate_over(1) < LIMIT * 1.2, "nobody counts alone any more")
        rate = load.rate_over(6)
    record_property(FIGURE, f"without the store {alone:.0f}/s, with it again {rate:.0f}/s")
    assert {status for _, status, _ in load.answers} == {200, 429}
    assert max(seconds for _, _, seconds in load.answers) < 2, "nobody waits for the store"
    assert alone <= LIMIT * WORKERS * 1.6, "a burst of each is in it"
    assert rate == pytest.approx(LIMIT, rel=0.05)

"""Metrics and usage of a platform with several workers that come and go."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
import pytest

from redisgate.lib.process_stat import stat_of
from tests import platform as real_platform
from tests import prepared
from tests.platform import Platform
from tests.roles import web_workers
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

CANARY = "canary-7f3a"


@dataclass
class Shop:
    """A platform of its own with an instance and a key that has no rate limit to speak of."""

    platform: Platform
    kit: dict[str, str]
    sent: list[str] = field(default_factory=list)
    """What is counted sooner or later, besides quickstart's own PING."""

    @property
    def url(self) -> str:
        return self.kit["url"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.kit['token']}", "User-Agent": CANARY}

    def send(self, *words: str) -> None:
        """Send over a connection of its own, so that any worker may take it."""
        assert httpx.post(self.url, json=words, headers=self.headers).status_code == 200
        self.sent.append(words[0])

    def send_many(self, number: int) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: self.send("INCR", "n"), range(number)))

    def scrape(self) -> str:
        return httpx.get(f"{self.platform.url}/metrics").text

    def metric(self, series: str) -> float:
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.scrape(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def commands(self) -> float:
        return self.metric('redis_commands_total{command="INCR"}')

    def usage(self) -> dict[str, Any]:
        """Ask the management API what the key did."""
        keys = f"/api/organizations/{self.kit['organization_id']}/api-keys"
        [key] = self.get(keys)["results"]
        return {**self.get(f"{keys}/{key['id']}/usage"), "key": key}

    def get(self, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.access}"}
        answer: dict[str, Any] = httpx.get(self.platform.url + path, headers=headers).json()
        return answer

    @cached_property
    def access(self) -> str:
        who = {"email": self.kit["email"], "password": self.kit["password"]}
        signed_in = httpx.post(f"{self.platform.url}/auth/login", json=who)
        return str(signed_in.json()["access"])

    def commands_used(self) -> int:
        return int(self.usage()["totals"]["commands"])

    def settle(self) -> tuple[float, int]:
        """Give the counts once all that was sent is in them, so that a kill loses none."""
        commands, used = self.sent.count("INCR"), 1 + len(self.sent)
        wait_until(lambda: self.commands() == commands, f"{commands} commands are published")
        wait_until(lambda: self.commands_used() == used, f"{used} commands are in the usage")
        return commands, used


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with (
        prepared.directory() as data_dir,
        real_platform.running(data_dir, WEB_WORKERS="2") as platform,
    ):
        shop = Shop(platform, platform.quickstart("--rate-limit", "100000"))
        wait_until(lambda: shop.commands_used() == 1, "quickstart's own PING is counted")
        yield shop


def test_static_files_are_served_and_counted_as_one(shop: Shop) -> None:
    page = httpx.get(f"{shop.platform.url}/accounts/login/").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    statuses = {httpx.get(shop.platform.url + file).status_code for file in files}
    assert statuses == {200}
    series = 'http_requests_total{method="GET",path="/static/",status="200"}'
    assert shop.metric(series) >= len(files) > 3


def test_the_sum_over_workers_is_exact(shop: Shop) -> None:
    before, used = shop.settle()
    shop.send_many(200)
    wait_until(lambda: shop.commands() - before >= 200)
    assert shop.commands() - before == 200
    wait_until(lambda: shop.commands_used() - used >= 200)
    after = shop.usage()
    assert after["totals"]["commands"] - used == 200
    assert after["key"]["last_used_from"] == "127.0.0.1"
    assert after["key"]["last_used_with"] == CANARY


def test_a_killed_worker_loses_a_second_at_most_and_no_count_ever_falls(shop: Shop) -> None:
    shop.send_many(50)
    before, used = shop.settle()
    victim = web_workers(shop.platform)[0]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: stat_of(victim) is None and len(web_workers(shop.platform)) == 2)
    assert shop.commands() == before
    shop.send_many(50)
    wait_until(lambda: shop.commands() == before + 50)
    wait_until(lambda: shop.commands_used() == used + 50)


def test_every_role_shows_what_it_uses_and_a_killed_worker_takes_nothing_back(shop: Shop) -> None:
    for role in ("web", "controller", "worker"):
        assert shop.metric(f'role_processes{{role="{role}"}}') == (3 if role == "web" else 1)
    shop.settle()
    before = shop.metric('process_cpu_seconds_total{role="web"}')
    victim = web_workers(shop.platform)[0]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: stat_of(victim) is None and len(web_workers(shop.platform)) == 2)
    assert shop.metric('process_cpu_seconds_total{role="web"}') >= before


def test_connections_of_a_killed_worker_are_not_counted_for_ever(shop: Shop) -> None:
    shop.send_many(50)
    wait_until(lambda: shop.metric("redis_connections_active") >= 1)
    shop.settle()
    for victim in web_workers(shop.platform):
        os.kill(victim, signal.SIGKILL)
    wait_until(lambda: shop.metric("redis_connections_active") == 0)


def test_promtool_reads_what_is_scraped(shop: Shop) -> None:
    shop.send("PING")
    promtool = shutil.which("promtool")
    assert promtool, "install Debian's package prometheus"
    checked = subprocess.run(
        [promtool, "check", "metrics"],
        input=shop.scrape().encode(),
        capture_output=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_nothing_of_a_person_is_in_the_metrics(shop: Shop) -> None:
    token, url = shop.kit["token"], shop.url
    for address in (
        f"{url}/set/{CANARY}/1?_token={token}",
        f"{url}/{CANARY}?_token={token}",
        f"{url}/get/a?_token={CANARY}",
        f"{shop.platform.url}/orgs/{CANARY}/",
        f"{shop.platform.url}/{CANARY}?secret={CANARY}",
    ):
        httpx.request("GET", address)
    httpx.post(f"{url}/pipeline", json=[[CANARY]], headers=shop.headers)
    wait_until(lambda: shop.metric('redis_command_errors_total{command="other"}') >= 2)
    shop.sent += [CANARY] * 3  # those that came to the server
    shop.settle()
    text = shop.scrape()
    for secret in (CANARY, token, token[:12], shop.kit["email"]):
        assert secret not in text


def test_a_graceful_stop_loses_nothing() -> None:
    with prepared.directory() as data_dir:
        with real_platform.running(data_dir, WEB_WORKERS="2") as platform:
            shop = Shop(platform, platform.quickstart("--rate-limit", "100000"))
            shop.send_many(60)
            assert platform.stop() == 0
        with real_platform.running(data_dir, ports=platform.ports) as again:
            assert Shop(again, shop.kit).commands_used() == 61

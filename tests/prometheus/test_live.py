"""A real Prometheus that scrapes the running platform understands every query, and has answers."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import Ready
from tests.e2e.conftest import ready as ready  # the fixture
from tests.platform import Platform
from tests.prometheus import server
from tests.prometheus.queries import of_panels, of_rules
from tests.prometheus.server import Prometheus
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

ABSENT = {
    "http_request_errors_total": "nothing fails here",
    "ALERTS": "nothing is wrong for long enough",
}
"""Names that appear with a fault alone."""
EMPTY = {
    "Errors by path": "nothing fails here",
    "Hit ratio": "comes with the second sample after a read, twenty seconds later",
    "Busiest instances": "comes with the second sample",
    "Processor of instances": "comes with the second sample",
}
"""Panels that a good platform shows nothing in, or not yet."""


@pytest.fixture
def prometheus(platform: Platform, tmp_path: Path) -> Iterator[Prometheus]:
    with server.scraping(platform, tmp_path) as prometheus:
        yield prometheus


def make_traffic(platform: Platform, url: str, token: str) -> None:
    """Ask for pages and commands, right and wrong ones, so that every counter counts."""
    mine, nobodys = {"Authorization": f"Bearer {token}"}, {"Authorization": "Bearer nobody's"}
    with httpx.Client(timeout=30) as client:
        client.get(f"{platform.url}/accounts/login/")
        for command in (["SET", "a", "1"], ["GET", "a"], ["INCR", "a", "b"], ["HELLO"]):
            client.post(url, json=command, headers=mine)
        client.post(url, json=["GET", "a"], headers=nobodys)


def rest() -> None:
    """Let Prometheus scrape; it does so each second."""
    time.sleep(0.4)


def told(platform: Platform, prometheus: Prometheus) -> set[str]:
    """Give all names that there are: those of the scrape, with or without a value, and of rules."""
    families = re.findall(
        r"^# TYPE (\S+) (\S+)$", httpx.get(f"{platform.url}/metrics").text, re.MULTILINE
    )
    histograms = {name for name, kind in families if kind == "histogram"}
    series = {f"{name}_{part}" for name in histograms for part in ("bucket", "sum", "count")}
    names = httpx.get(f"{prometheus.url}/api/v1/label/__name__/values").json()["data"]
    return {name for name, _ in families} | series | set(names)


def test_every_query_is_understood_names_what_there_is_and_every_panel_has_data(
    platform: Platform, ready: Ready, prometheus: Prometheus
) -> None:
    panels, rules = list(of_panels()), list(of_rules())
    waiting = {panel.owner for panel in panels} - EMPTY.keys()

    def all_have_data() -> bool:
        make_traffic(platform, ready.url, ready.token)
        waiting.difference_update(
            {each.owner for each in panels if each.owner in waiting and prometheus.ask(each.text)}
        )
        return not waiting

    def missing() -> set[str]:
        names = told(platform, prometheus) | ABSENT.keys()
        return {name for query in [*panels, *rules] for name in query.metrics - names}

    wait_until(all_have_data, "every panel has data", log=prometheus.log, meanwhile=rest)
    # Rules that stand on others have their first value some evaluations later.
    wait_until(
        lambda: all_have_data() and not missing(), "every name is there", meanwhile=rest, seconds=60
    )
    for query in [*panels, *rules]:
        prometheus.ask(query.text)

"""The dashboard is whole, and the page on alerts names panels that are there."""

import json
import re

import yaml

from tests.platform import ROOT
from tests.prometheus.queries import DASHBOARD, of_panels, panels

LEAST = 12


def test_every_panel_says_what_it_shows_in_which_unit() -> None:
    everything = panels()
    assert len(everything) >= LEAST
    for panel in everything:
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["description"], panel["title"]
        assert defaults["unit"], panel["title"]
        assert defaults["thresholds"]["steps"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
    for unique in ("id", "title"):
        assert len({panel[unique] for panel in everything}) == len(everything)


def test_no_two_panels_lie_over_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + right, place["y"] + down)
            for right in range(place["w"])
            for down in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        taken |= cells


def test_every_variable_is_filled_in() -> None:
    assert not [query for query in of_panels() if "$" in query.text]


def test_page_on_alerts_names_panels_that_are_there() -> None:
    page = (ROOT / "docs" / "how-to" / "when-an-alert-fires.md").read_text()
    named = set(re.findall(r"panels? \*([^*]+)\*|and \*([^*]+)\*", page))
    titles = {panel["title"] for panel in panels()}
    assert {first or second for first, second in named} <= titles


def test_grafana_finds_prometheus_and_the_dashboard() -> None:
    folder = ROOT / "grafana" / "provisioning"
    [source] = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
    [provider] = yaml.safe_load((folder / "dashboards" / "redisgate.yml").read_text())["providers"]
    assert provider["options"]["path"] == "/var/lib/grafana/dashboards"

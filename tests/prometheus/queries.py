"""Every query of the dashboard, the alerts and the recording rules."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tests.platform import ROOT

DASHBOARD = ROOT / "grafana" / "dashboard.json"
VARIABLES = {"$target": ".*", "$instance_id": ".*", "$__rate_interval": "1m"}
NO_METRICS = re.compile(
    r'"[^"]*"|\{[^}]*\}|\[[^]]*\]|\b(?:by|on|without)\s*\([^)]*\)|\b(?:and|or|unless|offset \w+)\b'
)
NAME = re.compile(r"\b([a-zA-Z_][\w:]*)\b(?!\s*\()")


@dataclass(frozen=True, slots=True)
class Query:
    """One question, and who asks it."""

    owner: str
    text: str

    @property
    def metrics(self) -> set[str]:
        """Give the names that it reads."""
        return set(NAME.findall(NO_METRICS.sub(" ", self.text)))


def panels() -> list[dict[str, Any]]:
    everything = json.loads(DASHBOARD.read_text())["panels"]
    return [panel for panel in everything if panel["type"] != "row"]


def of_panels() -> Iterator[Query]:
    for panel in panels():
        for target in panel["targets"]:
            yield Query(panel["title"], _filled_in(target["expr"]))


def of_rules() -> Iterator[Query]:
    for name in ("recording.yml", "alerts.yml"):
        for group in yaml.safe_load((ROOT / "prometheus" / name).read_text())["groups"]:
            for rule in group["rules"]:
                yield Query(rule.get("alert") or rule["record"], rule["expr"])


def _filled_in(text: str) -> str:
    for name, value in VARIABLES.items():
        text = text.replace(name, value)
    return text

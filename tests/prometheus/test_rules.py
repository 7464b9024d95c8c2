"""The alerts are right, complete, and explained."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.platform import ROOT

FOLDER = ROOT / "prometheus"
CASES = sorted((FOLDER / "tests").glob("*.yml"))
PAGE = ROOT / "docs" / "how-to" / "when-an-alert-fires.md"
PROMISED = {
    *("HighErrorRate", "CriticalErrorRate", "HighLatency", "DatabaseConnectionFailed"),
    *("RedisConnectionPoolLow", "HighAuthFailures", "RedisCommandErrors", "HighDatabaseLatency"),
    *("InstanceCountChanged", "ServiceDown", "HighMemoryUsage", "HighCPUUsage"),
    "InstanceUnhealthy",
}


def promtool(*arguments: str | Path) -> None:
    program = shutil.which("promtool")
    assert program, "install Debian's package prometheus"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def judgements() -> Iterator[tuple[str, bool]]:
    """Give each alert that a case judges, and whether it has to fire there."""
    for case in CASES:
        for test in yaml.safe_load(case.read_text())["tests"]:
            for judged in test["alert_rule_test"]:
                yield judged["alertname"], bool(judged["exp_alerts"])


def test_promtool_takes_the_configuration_and_every_rule() -> None:
    # Only the containers have the file with the token.
    promtool("check", "config", "--syntax-only", FOLDER / "prometheus.yml")
    promtool("check", "rules", FOLDER / "recording.yml", FOLDER / "alerts.yml")


def test_alerts_fire_when_they_should_and_else_not() -> None:
    promtool("test", "rules", *CASES)


def test_every_alert_is_made_to_fire_and_not_to_fire() -> None:
    judged = set(judgements())
    assert {(name, fires) for name in alerts() for fires in (True, False)} == judged


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    page = PAGE.read_text()
    for name, rule in alerts().items():
        assert rule["labels"]["severity"] in {"critical", "warning"}, name
        assert rule["annotations"].keys() == {"summary", "description", "runbook"}, name
        anchor = f"docs/how-to/when-an-alert-fires.md#{name.lower()}"
        assert rule["annotations"]["runbook"] == anchor
        assert f"\n### {name}\n" in page, name


def test_every_promised_alert_is_there() -> None:
    assert alerts().keys() >= PROMISED

"""The units name only what exists, and agree with each other.

That systemd understands them is for `systemd-analyze verify`, which not every machine has.
"""

import shlex
from pathlib import Path

import pytest

from tests.deploy import facts
from tests.platform import ROOT

FOLDER = ROOT / "deploy" / "systemd"
UNITS = {path.name: path for path in FOLDER.iterdir() if path.suffix in {".service", ".socket"}}
SERVICES = sorted(name for name in UNITS if name.endswith(".service"))
FOREIGN = {"PYTHONUNBUFFERED"}
OF_OTHERS = ("network-online", "postgresql", "valkey-server", "redis-server")


def read(name: str) -> dict[str, list[str]]:
    """Give all values of each directive, whichever section it is in."""
    found: dict[str, list[str]] = {}
    for line in UNITS[name].read_text().splitlines():
        key, is_directive, value = line.partition("=")
        if is_directive and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def variables(unit: dict[str, list[str]]) -> dict[str, str]:
    words = [word for line in unit["Environment"] for word in shlex.split(line)]
    return dict(word.split("=", 1) for word in words)


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_is_a_setting(name: str) -> None:
    assert facts.unknown(set(variables(read(name))) - FOREIGN) == set()


def test_every_line_of_the_example_is_a_setting() -> None:
    lines = (FOLDER / "redisgate.env").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if not line.startswith("#")}
    assert facts.unknown(names) == set()


@pytest.mark.parametrize("name", SERVICES)
def test_every_credential_is_read_and_none_is_missing(name: str) -> None:
    unit = read(name)
    loaded = {line.partition(":")[0] for line in unit["LoadCredential"]}
    read_from = {value for value in variables(unit).values() if value.startswith("%d/")}
    assert {f"%d/{each}" for each in loaded} == read_from


@pytest.mark.parametrize("name", SERVICES)
def test_every_command_is_one_of_ours(name: str) -> None:
    for line in read(name)["ExecStart"]:
        python, manage, *command = shlex.split(line)
        assert python == "/opt/redisgate/current/.venv/bin/python"
        assert Path(manage).name == "manage.py"
        assert facts.is_command(command)


@pytest.mark.parametrize("name", SERVICES)
def test_service_can_do_no_more_than_it_must(name: str) -> None:
    unit = read(name)
    assert unit["NoNewPrivileges"] == ["true"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["StateDirectoryMode"] == ["0700"]


def test_units_that_are_named_exist() -> None:
    there = {path.name for path in FOLDER.iterdir()}
    for name in UNITS:
        unit = read(name)
        lines = [*unit.get("Wants", []), *unit.get("Requires", []), *unit.get("After", [])]
        others = {word for line in lines for word in line.split()} | set(unit.get("Slice", []))
        assert {each for each in others if not each.startswith(OF_OTHERS)} <= there


def test_servers_outlive_the_controller() -> None:
    unit = read("redisgate-controller.service")
    assert unit["KillMode"] == ["process"]
    assert "--stop-instances-on-exit" not in unit["ExecStart"][0]


def test_reload_is_a_new_version() -> None:
    unit = read("redisgate-web.service")
    assert unit["ExecReload"] == ["/bin/kill -USR2 $MAINPID"]
    assert unit["NotifyAccess"] == ["all"]
    # By its whole path, because the former version's directory is where it runs.
    assert "/opt/redisgate/current/manage.py" in unit["ExecStart"][0]

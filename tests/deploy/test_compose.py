"""docker-compose.yml says what it means, names only what exists, and gives nothing away."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import facts
from tests.platform import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(facts.with_defaults(TEXT))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: it for name, it in SERVICES.items() if it["image"].startswith("redisgate:")}
ONCE = {"secrets", "migrate"}


def test_follows_the_compose_specification() -> None:
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*checker, ROOT / "docker-compose.yml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_holds_what_a_platform_is_made_of() -> None:
    parts = {"web", "controller", "worker", "database", "valkey", "prometheus", "grafana"}
    assert set(SERVICES) == parts | ONCE | {"machine"}


@pytest.mark.parametrize("name", SERVICES)
def test_container_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")


@pytest.mark.parametrize("name", SERVICES.keys() - ONCE)
def test_container_has_limits(name: str) -> None:
    assert set(SERVICES[name]["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


@pytest.mark.parametrize("name", SERVICES.keys() - ONCE - {"machine"})
def test_container_tells_how_it_is(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_only_this_machine_reaches_what_is_published() -> None:
    published = [port for it in SERVICES.values() for port in it.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert not SERVICES["database"].get("ports")
    assert not SERVICES["valkey"].get("ports")
    assert COMPOSE["networks"]["backend"]["internal"] is True


def test_every_variable_is_a_setting() -> None:
    named = {name for it in SERVICES.values() for name in it.get("environment", {})}
    assert facts.unknown(named) == set()


def test_no_secret_stands_in_the_environment() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if any(
                word in name for word in ("PASSWORD", "SECRET", "TOKEN", "KEYS", "DATABASE_URL")
            ):
                assert name.endswith("_FILE"), name
                assert value.startswith("/secrets/")


def test_every_command_is_one_of_ours() -> None:
    commands = [it["command"] for name, it in OURS.items() if "command" in it]
    assert len(commands) == len(OURS) - 2  # secrets and machine run something else
    assert all(facts.is_command(command) for command in commands)


def test_every_secret_is_made_for_whoever_is_given_it(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    for service in SERVICES.values():
        for value in service.get("environment", {}).values():
            if str(value).startswith("/secrets/"):
                assert (tmp_path / value.removeprefix("/secrets/")).is_file()
                volume = f"secrets-{value.split('/')[2]}:/secrets/{value.split('/')[2]}:ro"
                assert volume in service["volumes"]


def test_secrets_are_made_once(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    make_secrets(tmp_path)
    assert {path: path.read_text() for path in before} == before
    assert all(path.stat().st_mode & 0o222 == 0 for path in before)
    assert all(
        path.stat().st_mode & 0o077 == 0 for path in before if path.parent.name == "platform"
    )


def test_every_file_that_is_mounted_exists() -> None:
    sources = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    ]
    assert all((ROOT / source).exists() for source in sources if source.startswith("."))
    assert {source for source in sources if not source.startswith(".")} == set(COMPOSE["volumes"])


def test_a_database_of_ones_own_reaches_everybody_who_is_given_ours() -> None:
    page = (ROOT / "docs" / "how-to" / "deploy-with-compose.md").read_text()
    example = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])["services"]
    given = {
        name for name, it in SERVICES.items() if "DATABASE_URL_FILE" in it.get("environment", {})
    }
    assert set(example) == given
    for name, changed in example.items():
        assert changed["environment"].keys() <= SERVICES[name]["environment"].keys()
        networks = {*SERVICES[name].get("networks", []), *changed.get("networks", [])}
        # Only `front` leads out of the machine, and whoever shares the machine's address is in it.
        assert "front" in networks or SERVICES[name].get("network_mode") == "service:machine"


def test_web_and_controller_meet_as_on_one_machine() -> None:
    for name in ("web", "controller"):
        assert SERVICES[name]["network_mode"] == "service:machine"
        assert "data:/var/lib/redisgate" in SERVICES[name]["volumes"]


def make_secrets(root: Path) -> None:
    script = ROOT / "deploy" / "make_secrets.py"
    subprocess.run([sys.executable, script, root], check=True)

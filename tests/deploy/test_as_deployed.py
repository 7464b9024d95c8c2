"""The roles, started one by one with the settings of docker-compose.yml, make a platform."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.as_deployed import Deployment, ask
from tests.deploy.steady_clients import steady_clients
from tests.platform import ROOT, free_port, get
from tests.waiting import until, wait_until

pytestmark = pytest.mark.e2e
NEXT_VERSION = "99.0.0"


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The same code under another version, in a directory of its own."""
    release = tmp_path / "next"
    release.mkdir()
    for path in ROOT.glob("[a-z]*/"):
        if path.name not in {"redisgate", "var"}:
            (release / path.name).symlink_to(path)
    shutil.copy(ROOT / "manage.py", release)
    shutil.copytree(ROOT / "redisgate", release / "redisgate")
    settings = release / "redisgate" / "settings.py"
    lines = settings.read_text().splitlines()
    version = next(line for line in lines if line.startswith("VERSION = "))
    settings.write_text(settings.read_text().replace(version, f'VERSION = "{NEXT_VERSION}"'))
    return release


def test_commands_go_through_and_everything_is_well(
    platform: Deployment, kit: dict[str, str]
) -> None:
    ask(kit["url"], token=kit["token"], body=b'["SET", "hello", "world"]')
    assert ask(f"{kit['url']}/get/hello", token=kit["token"]) == b'{"result":"world"}'
    wait_until(lambda: get(f"{platform.url}/health")[1]["status"] == "ok", log=platform.log)


def test_metrics_are_for_the_token_that_prometheus_has(platform: Deployment) -> None:
    assert "http_requests_total" in metrics(platform)


def test_checks_of_containers_tell_what_works(platform: Deployment) -> None:
    for what in ("live", "ready", "controller"):
        assert probe(platform, what) == 0, what
    assert probe(platform, "live", PORT=str(free_port())) == 1
    assert probe(platform, "controller", DATA_DIR="/nowhere") == 1


def test_killed_controller_comes_back_in_its_container_and_no_server_notices(
    platform: Deployment, kit: dict[str, str]
) -> None:
    before, killed = servers(platform), controller(platform)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: controller(platform) not in {0, killed}, log=platform.log)
    assert servers(platform) == before != set()
    assert ask(kit["url"], token=kit["token"], body=b'["PING"]') == b'{"result":"PONG"}'


async def test_replacing_the_workers_fails_no_request(
    platform: Deployment, kit: dict[str, str]
) -> None:
    before = platform.web_workers()
    async with steady_clients(kit):
        os.kill(platform.web_master(), signal.SIGHUP)
        await until(lambda: before.isdisjoint(platform.web_workers()))


async def test_another_version_takes_over_without_a_failed_request(
    platform: Deployment, kit: dict[str, str], next_release: Path
) -> None:
    former, before = platform.web_master(), starts_of_web(platform)
    async with steady_clients(kit):
        with platform.switched_to(next_release):
            await asyncio.to_thread(
                platform.ask_for_next_version, lambda: platform.web_master() != former
            )
    assert get(f"{platform.url}/version")[1] == {"version": NEXT_VERSION}
    after = starts_of_web(platform)
    assert after.keys() == before.keys() == {"web"}
    assert after["web"] > before["web"]


def test_version_that_cannot_start_changes_nothing(
    platform: Deployment, kit: dict[str, str], next_release: Path
) -> None:
    settings = next_release / "redisgate" / "settings.py"
    settings.write_text("raise SystemExit('this version is broken')\n")
    former, before = platform.web_master(), platform.web_workers()
    with platform.switched_to(next_release):
        platform.ask_for_next_version(lambda: "this version is broken" in platform.log.read_text())
    wait_until(lambda: platform.web_workers() == before)
    assert platform.web_master() == former
    assert ask(kit["url"], token=kit["token"], body=b'["PING"]') == b'{"result":"PONG"}'


def test_version_whose_workers_cannot_start_changes_nothing(
    platform: Deployment, kit: dict[str, str], next_release: Path
) -> None:
    workers = next_release / "redisgate" / "workers.py"
    begin = "    def init_process(self) -> None:\n"
    broken = f"{begin}        raise RuntimeError('this worker is broken')\n"
    workers.write_text(workers.read_text().replace(begin, broken))
    former, before, starts = platform.web_master(), platform.web_workers(), starts_of_web(platform)
    with platform.switched_to(next_release):
        platform.ask_for_next_version(lambda: "this worker is broken" in platform.log.read_text())
    wait_until(lambda: platform.web_workers() == before)
    assert platform.web_master() == former
    assert starts_of_web(platform) == starts
    assert starts.keys() == {"web"}
    assert ask(kit["url"], token=kit["token"], body=b'["PING"]') == b'{"result":"PONG"}'


def metrics(platform: Deployment) -> str:
    token = (platform.data_dir.parent / "secrets" / "prometheus" / "metrics_token").read_text()
    return ask(f"{platform.url}/metrics", token=token).decode()


def starts_of_web(platform: Deployment) -> dict[str, float]:
    """Give when each web began by its name, as Prometheus is told."""
    line = r'^process_start_time_seconds\{role="(web.*)"\} (\S+)$'
    found = re.findall(line, metrics(platform), re.MULTILINE)
    return {role: float(seconds) for role, seconds in found}


def probe(platform: Deployment, what: str, **environment: str) -> int:
    command = (sys.executable, str(ROOT / "deploy" / "probe.py"), what)
    return subprocess.run(
        command, env={**platform.environment, **environment}, check=False, capture_output=True
    ).returncode


def servers(platform: Deployment) -> set[int]:
    return platform.processes_with(b"--dir")


def controller(platform: Deployment) -> int:
    """Give the control loop that `keep` has started; 0 while there is none."""
    return next(iter(platform.processes_with(b"controller")), 0)

"""A real Prometheus in a directory of its own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.platform import ROOT, Platform, free_port
from tests.waiting import wait_until

RULES = ROOT / "prometheus"


@dataclass(frozen=True)
class Prometheus:
    url: str
    log: Path

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Give the series of an answer; fail where Prometheus doesn't understand."""
        answer = httpx.post(f"{self.url}/api/v1/query", data={"query": query}).json()
        assert answer["status"] == "success", f"{query}: {answer.get('error')}"
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@contextmanager
def scraping(platform: Platform, directory: Path) -> Iterator[Prometheus]:
    """Scrape a platform each second, with the rules as they are."""
    program = shutil.which("prometheus")
    assert program, "install Debian's package prometheus"
    address = f"127.0.0.1:{free_port()}"
    configuration, log = directory / "prometheus.yml", directory / "prometheus.log"
    configuration.write_text(_configuration(platform))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={configuration}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address={address}",
            ],
            stdout=output,
            stderr=output,
        )
    try:
        prometheus = Prometheus(f"http://{address}", log)
        wait_until(prometheus.is_ready, "Prometheus is ready", log=log)
        yield prometheus
    finally:
        process.terminate()
        process.wait()


def _configuration(platform: Platform) -> str:
    every = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    targets = [{"targets": [platform.url.removeprefix("http://")]}]
    return yaml.safe_dump(
        {
            "global": every,
            "rule_files": [str(RULES / name) for name in ("recording.yml", "alerts.yml")],
            "scrape_configs": [{"job_name": "redisgate", "static_configs": targets}],
        }
    )

"""The platform's roles, started one by one in production settings, as a supervisor would."""

import json
import os
import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.platform import MANAGE, environment, free_port, get, is_ready, manage, processes_of
from tests.waiting import wait_until

ROLES = ("web", "controller", "worker")
PREPARATIONS = (("migrate",), ("collectstatic", "--no-input"))
START_SECONDS = 120.0
STOP_SECONDS = 60


@dataclass
class Site:
    """A platform in earnest. People reach it as ``https://localhost``, through a proxy: us."""

    variables: dict[str, str]
    files: Path
    roles: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.variables["PORT"])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def as_the_proxy(self) -> Mapping[str, str]:
        return {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
        }

    def prepare(self) -> None:
        for step in PREPARATIONS:
            done = manage(*step, **self.variables)
            if done.returncode:
                raise SystemExit(done.stderr)

    def start(self, role: str) -> None:
        with (self.files / f"{role}.log").open("ab") as output:
            self.roles[role] = subprocess.Popen(  # noqa: S603  the command is our own
                [*MANAGE, role],
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        wait_until(
            lambda: is_ready(self.address) and self._status() == "ok",
            "the platform is ready",
            seconds=START_SECONDS,
            log=self.files / "web.log",
        )

    def quickstart(self) -> dict[str, str]:
        done = manage("quickstart", "--json", **self.variables)
        if done.returncode:
            raise SystemExit(done.stderr)
        kit: dict[str, str] = json.loads(done.stdout)
        return kit

    def stop(self) -> None:
        for process in self.roles.values():
            process.send_signal(signal.SIGTERM)
        for process in self.roles.values():
            process.wait(STOP_SECONDS)

    def _status(self) -> str:
        body = get(f"{self.address}/health")[1] or {}
        return str(body.get("status"))


@contextmanager
def running(home: Path, workers: int, **addresses: str) -> Iterator[Site]:
    """Prepare, start and end a platform; instances, which outlive it on purpose, end too."""
    data = home / "data"
    site = Site(
        environment(
            data,
            ENVIRONMENT="production",
            SECRET_KEY=secrets.token_urlsafe(48),
            PORT=str(port := free_port()),
            PUBLIC_URL="https://localhost",
            INSTANCE_HOST="127.0.0.1",
            TRUSTED_PROXIES="127.0.0.1",
            WEB_WORKERS=str(workers),
            DEFAULT_FROM_EMAIL="RedisGate <redisgate@example.com>",
            **addresses,
        ),
        home,
    )
    assert port == site.port
    site.prepare()
    try:
        for role in ROLES:
            site.start(role)
        site.await_ready()
        yield site
        site.stop()
    finally:
        for pid in processes_of(data):
            os.kill(pid, signal.SIGKILL)

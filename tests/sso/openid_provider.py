"""A real OpenID provider: a process of its own with a login page of its own."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.platform import free_port, get
from tests.waiting import wait_until

WELL_KNOWN = "/.well-known/openid-configuration"
WARNINGS = "ignore::DeprecationWarning"


@dataclass(frozen=True)
class OpenIdProvider:
    issuer: str

    def add_person(self, subject: str, **claims: object) -> None:
        """Let somebody sign in there who is said to be this."""
        body = json.dumps(claims).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.issuer}/users/{subject}", body, headers, method="PUT"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 204


@contextmanager
def running(log: Path) -> Iterator[OpenIdProvider]:
    port = free_port("127.0.0.1")
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", WARNINGS, "-m", "oidc_provider_mock", "--port", str(port)]
    command.append("--require-nonce")
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=_environment())
    try:
        wait_until(lambda: get(issuer + WELL_KNOWN)[0] == 200, "an OpenID provider", log=log)
        yield OpenIdProvider(issuer)
    finally:
        process.terminate()
        process.wait(10)


def _environment() -> Mapping[str, str]:
    return {"PATH": "/usr/bin:/bin"}

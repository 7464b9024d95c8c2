"""An organization goes with its real servers and their data, on the running platform."""

import json
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

import pytest

from tests.platform import Platform, get
from tests.waiting import wait_until

PASSWORD = "correct horse battery"


class Program:
    """A program of one new person."""

    def __init__(self, platform: Platform) -> None:
        self.url, self.token = platform.url, ""
        name = f"nora-{uuid4().hex[:8]}"
        account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        self.ask("POST", "/auth/register", account)
        _, signed_in = self.ask("POST", "/auth/login", account)
        self.token = signed_in["access"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or "null")


@pytest.mark.e2e
def test_organization_goes_with_its_servers_and_data(platform: Platform) -> None:
    nora = Program(platform)
    _, listed = nora.ask("GET", "/api/organizations")
    here = f"/api/organizations/{listed['results'][0]['id']}"
    wish = {"name": "sessions", "memory_mb": 16, "purpose": "store"}
    _, instance = nora.ask("POST", f"{here}/instances", wish)
    of_instance = f"{here}/instances/{instance['id']}"
    wait_until(lambda: nora.ask("GET", of_instance)[1]["status"] == "running", "it runs")
    _, key = nora.ask("POST", f"{here}/api-keys", {"name": "web", "scopes": ["write"]})
    command = f"/redis/{instance['id']}/set/a/1?_token={key['key']}"
    assert get(platform.url + command)[0] == 200
    assert list(platform.data_dir.rglob(f"*{instance['id']}*"))

    status, _ = nora.ask("DELETE", here)
    assert status in {202, 204}, "on its way, or gone already where the controller was quick"
    wait_until(lambda: get(platform.url + command)[0] != 200, "the key is dead")
    wait_until(lambda: nora.ask("GET", here)[0] == 404, "it is gone", log=platform.log)
    assert not list(platform.data_dir.rglob(f"*{instance['id']}*"))
    wait_until(lambda: get(platform.url + command)[0] == 401, "the key is forgotten")
    assert nora.ask("GET", "/api/organizations")[1]["count"] == 0

"""The example for nginx passes on what it should, and nothing else."""

import json
import socket
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from instances.sockets import NOT_SIGNED_IN
from tests.deploy.as_deployed import Deployment
from tests.deploy.nginx import Ports, nginx
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


@dataclass
class Front:
    """What answers at the public address."""

    http: httpx.Client
    context: ssl.SSLContext
    ports: Ports
    home: Path

    @property
    def logged(self) -> str:
        return "".join(file.read_text() for file in self.home.glob("*.log"))


@pytest.fixture(scope="module")
def front(platform: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home = tmp_path_factory.mktemp("nginx")
    with nginx(home, web_port=int(platform.environment["PORT"])) as ports:
        context = ssl.create_default_context(cafile=home / "certificate.pem")
        address = f"https://127.0.0.1:{ports.tls}"
        with httpx.Client(base_url=address, verify=context, timeout=30) as http:
            yield Front(http, context, ports, home)


def test_page_comes_with_the_id_of_the_request(front: Front) -> None:
    answer = front.http.get("/accounts/login/", headers={"X-Request-ID": "from-the-client"})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] == "from-the-client"
    assert len(front.http.get("/health/live").headers["x-request-id"]) == 32


def test_metrics_are_not_public(front: Front, platform: Deployment) -> None:
    token = (platform.data_dir.parent / "secrets" / "platform" / "metrics_token").read_text()
    answer = front.http.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 404


def test_too_large_a_request_is_refused_in_our_words(front: Front, kit: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {kit['token']}"}
    body = json.dumps(["SET", "key", "x" * 10_500_000])
    answer = front.http.post(f"/redis/{kit['instance_id']}", content=body, headers=headers)
    assert answer.status_code == 413
    assert "10" in answer.json()["error"]


def test_key_and_value_in_an_address_are_not_logged(front: Front, kit: dict[str, str]) -> None:
    address = f"/redis/{kit['instance_id']}"
    command = f"{address}/set/a-key/a-value?_token={kit['token']}"
    assert front.http.get(command).json() == {"result": "OK"}
    assert front.http.get(f"/x/%2e%2e{command}").status_code == 404
    plain = httpx.get(f"http://127.0.0.1:{front.ports.plain}{command}")
    assert plain.status_code == 308
    assert b" 413 " in announced(front, f"POST {command}", body_bytes=12_000_000)
    wait_until(lambda: f'"GET {address}" 200 ' in front.logged)  # nginx answers, and then logs
    wait_until(lambda: f'"POST {address}" 413 ' in front.logged)
    assert_none_is_in(front.logged, kit["token"], "a-key", "a-value")


def announced(front: Front, request: str, *, body_bytes: int) -> bytes:
    """Give what is answered before any of the body came."""
    with (
        socket.create_connection(("127.0.0.1", front.ports.tls)) as plain,
        front.context.wrap_socket(plain, server_hostname="127.0.0.1") as wire,
    ):
        head = f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {body_bytes}\r\n\r\n"
        wire.sendall(head.encode())
        return wire.recv(4096)


def test_link_that_opens_an_account_is_not_logged(front: Front) -> None:
    front.http.get("/accounts/password/reset/key/1-a-secret/")
    front.http.get("/accounts/confirm-email/a-secret/")
    wait_until(lambda: '"GET /accounts/password/reset/key/" 200 ' in front.logged)
    wait_until(lambda: '"GET /accounts/confirm-email/" 200 ' in front.logged)
    assert_none_is_in(front.logged, "a-secret")


def assert_none_is_in(text: str, *secrets: str) -> None:
    assert [secret for secret in secrets if secret in text] == []


def test_events_come_one_by_one(front: Front, kit: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {kit['token']}"}
    base, word = f"/redis/{kit['instance_id']}", uuid.uuid4().hex
    with front.http.stream("GET", f"{base}/subscribe/news", headers=headers) as events:
        lines = events.iter_lines()
        assert next(lines).startswith("data: subscribe,news")
        front.http.post(base, json=["PUBLISH", "news", word], headers=headers)
        assert word in next(line for line in lines if "message" in line)


def test_live_pages_have_their_socket(
    front: Front, platform: Deployment, kit: dict[str, str]
) -> None:
    address = f"wss://127.0.0.1:{front.ports.tls}/ws/orgs/{kit['organization_id']}/"
    with (
        connect(address, origin=Origin(platform.url), ssl=front.context) as live,
        pytest.raises(ConnectionClosed) as closed,
    ):
        live.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == NOT_SIGNED_IN

"""The example for nginx passes on what it should, and nothing else."""

import json
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
from tests.deploy.nginx import nginx

pytestmark = pytest.mark.e2e


@dataclass
class Front:
    """What answers at the public address."""

    http: httpx.Client
    context: ssl.SSLContext
    port: int
    access_log: Path


@pytest.fixture(scope="module")
def front(platform: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home = tmp_path_factory.mktemp("nginx")
    with nginx(home, web_port=int(platform.environment["PORT"])) as port:
        context = ssl.create_default_context(cafile=home / "certificate.pem")
        address = f"https://127.0.0.1:{port}"
        with httpx.Client(base_url=address, verify=context, timeout=30) as http:
            yield Front(http, context, port, home / "access.log")


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


def test_token_in_an_address_is_not_logged(front: Front, kit: dict[str, str]) -> None:
    answer = front.http.get(f"/redis/{kit['instance_id']}/ping?_token={kit['token']}")
    assert answer.json() == {"result": "PONG"}
    assert kit["token"] not in front.access_log.read_text()


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
    address = f"wss://127.0.0.1:{front.port}/ws/orgs/{kit['organization_id']}/"
    with (
        connect(address, origin=Origin(platform.url), ssl=front.context) as live,
        pytest.raises(ConnectionClosed) as closed,
    ):
        live.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == NOT_SIGNED_IN

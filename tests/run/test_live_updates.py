"""From the controller through the platform's Redis and a web worker into a browser."""

import http.cookiejar
import os
import re
import signal
import urllib.parse
import urllib.request

import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from instances.sockets import NOT_SIGNED_IN
from tests.platform import Platform

pytestmark = pytest.mark.e2e


def cookies_of(platform: Platform, email: str, password: str) -> str:
    """Sign in with the form, as a browser does, and return the Cookie header."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{platform.url}/accounts/login/"
    with browser.open(address) as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found
    form = {"login": email, "password": password, "csrfmiddlewaretoken": found[1]}
    request = urllib.request.Request(
        address, urllib.parse.urlencode(form).encode(), {"Origin": platform.url}
    )
    browser.open(request).close()
    assert "sessionid" in {cookie.name for cookie in jar}
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def live_updates(
    platform: Platform, organization_id: str, *, cookie: str = "", origin: str = ""
) -> ClientConnection:
    return connect(
        f"{platform.url.replace('http', 'ws')}/ws/orgs/{organization_id}/",
        origin=Origin(origin or platform.url),
        additional_headers={"Cookie": cookie},
    )


def test_crash_of_a_server_is_seen_in_the_browser(platform: Platform) -> None:
    kit = platform.quickstart()
    cookie = cookies_of(platform, kit["email"], kit["password"])
    with live_updates(platform, kit["organization_id"], cookie=cookie) as live:
        with redis.Redis.from_url(kit["redis_url"], protocol=2) as client:
            os.kill(client.info("server")["process_id"], signal.SIGKILL)
        assert "quickstart" in str(live.recv(timeout=60))
    assert platform.quickstart() == kit


def test_stranger_gets_no_live_updates(platform: Platform) -> None:
    kit = platform.quickstart()
    with (
        live_updates(platform, kit["organization_id"]) as live,
        pytest.raises(ConnectionClosed) as closed,
    ):
        live.recv(timeout=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == NOT_SIGNED_IN


FOREIGN = [
    "https://evil.example",
    "http://evil.example",
    "null",
    "file://",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://127.0.0.1.evil.example",
    "http://localhost",
]


def test_foreign_page_gets_no_live_updates(platform: Platform) -> None:
    kit = platform.quickstart()
    cookie = cookies_of(platform, kit["email"], kit["password"])
    for origin in (*FOREIGN, platform.url.replace("http", "https")):
        with pytest.raises(InvalidStatus):
            live_updates(platform, kit["organization_id"], cookie=cookie, origin=origin)


def test_socket_to_nowhere_is_denied(platform: Platform) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{platform.url.replace('http', 'ws')}/ws/nowhere/", origin=Origin(platform.url))
    assert refused.value.response.status_code == 403

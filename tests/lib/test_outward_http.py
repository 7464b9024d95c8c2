"""Fetching what people name: no way inside, no way round, and an end."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path

import pytest
import requests

from redisgate.lib import outward_http
from redisgate.lib.outward import Guard
from redisgate.lib.outward_http import FetchRefused
from tests.certificates import self_signed
from tests.receiver import serving

HERE = Guard((ip_network("127.0.0.0/8"),))


class Answers(BaseHTTPRequestHandler):
    hung_up = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/good")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * (outward_http.LARGEST_BYTES + 1))
        elif self.path == "/drip":
            self._drip()
        else:
            self.wfile.write(self.headers["Host"].encode())

    def _drip(self) -> None:
        try:
            while not self.hung_up.wait(0.02):
                self.wfile.write(b"x")
        except OSError:
            self.hung_up.set()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(Answers) as port:
        yield port


def test_server_hears_the_name_it_was_called_by(port: int) -> None:
    with outward_http.session(HERE) as session:
        assert session.get(f"http://localhost:{port}/good").text == f"localhost:{port}"


def test_address_that_is_not_allowed_is_never_connected_to(port: int) -> None:
    with (
        outward_http.session(Guard()) as session,
        pytest.raises(FetchRefused, match="isn't a public one"),
    ):
        session.get(f"http://127.0.0.1:{port}/good")


def test_redirect_is_not_followed(port: int) -> None:
    with outward_http.session(HERE) as session, pytest.raises(requests.TooManyRedirects):
        session.get(f"http://127.0.0.1:{port}/away")


def test_large_answer_is_not_read_to_its_end(port: int) -> None:
    with (
        outward_http.session(HERE) as session,
        pytest.raises(FetchRefused, match="far larger"),
    ):
        session.get(f"http://127.0.0.1:{port}/large")


def test_answer_that_never_ends_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward_http, "WHOLE_SECONDS", 0.2)
    Answers.hung_up.clear()
    with (
        outward_http.session(HERE) as session,
        pytest.raises(FetchRefused, match="too long"),
    ):
        session.get(f"http://127.0.0.1:{port}/drip")
    assert Answers.hung_up.wait(5)


def test_certificate_must_be_for_the_name(tmp_path: Path) -> None:
    pair = self_signed(tmp_path)
    with outward_http.session(HERE) as session:
        session.verify = str(pair.certificate)
        with serving(Answers, pair.certificate, pair.key) as port:
            assert session.get(f"https://localhost:{port}/good").status_code == 200
        with (
            serving(Answers, pair.certificate, pair.key, host="127.0.0.2") as port,
            pytest.raises(requests.exceptions.SSLError),
        ):
            session.get(f"https://127.0.0.2:{port}/good")

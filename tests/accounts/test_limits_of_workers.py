"""Guesses at the running platform: many at once, over several workers, under forged addresses."""

import http.client
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.platform import Platform

pytestmark = pytest.mark.e2e

JSON = {"Content-Type": "application/json"}


def post(platform: Platform, path: str, body: object, *, source: str, forged: str) -> int:
    """Send one request from an address of the loopback range, on a connection of its own."""
    host, port = urlsplit(platform.url).netloc.split(":")
    connection = http.client.HTTPConnection(host, int(port), 20, source_address=(source, 0))
    lies = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
    try:
        connection.request("POST", path, json.dumps(body), {**JSON, **lies})
        return connection.getresponse().status
    finally:
        connection.close()


def all_at_once(
    platform: Platform, path: str, bodies: Iterable[object], *, source: str
) -> list[int]:
    with ThreadPoolExecutor(4) as pool:
        tries = [
            pool.submit(post, platform, path, body, source=source, forged=f"203.0.113.{number}")
            for number, body in enumerate(bodies)
        ]
        return [each.result() for each in tries]


def test_exactly_five_guesses_at_an_account_pass(platform: Platform) -> None:
    guesses = [{"email": "nobody@example.com", "password": f"guess {n}"} for n in range(16)]
    answers = all_at_once(platform, "/auth/login", guesses[:8], source="127.0.0.5")
    answers += all_at_once(platform, "/auth/login", guesses[8:], source="127.0.0.6")
    assert sorted(answers) == [401] * 5 + [429] * 11


def test_exactly_ten_guesses_from_an_address_pass(platform: Platform) -> None:
    guesses = [{"email": f"{n}@example.com", "password": "guess"} for n in range(16)]
    answers = all_at_once(platform, "/auth/login", guesses, source="127.0.0.7")
    assert sorted(answers) == [401] * 10 + [429] * 6


def test_exactly_twenty_sign_ups_from_an_address_pass(platform: Platform) -> None:
    wish = {"email": "a@example.com", "username": "abc", "password": "short"}
    answers = all_at_once(platform, "/auth/register", [wish] * 26, source="127.0.0.8")
    assert sorted(answers) == [400] * 20 + [429] * 6

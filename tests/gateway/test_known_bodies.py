"""Bodies that were read before mean what they meant."""

import json

import pytest

from gateway.known_bodies import KnownBodies
from redisgate.lib.resp import pack


def body_of(*words: object) -> bytes:
    return json.dumps(words).encode()


def ask(bodies: KnownBodies, body: bytes) -> tuple[str, bytes] | None:
    """Look as the shortest way does."""
    return bodies.young.get(body) or bodies.find_or_read(body)


def test_a_body_is_read_once_and_means_the_same_ever_after() -> None:
    bodies, body = KnownBodies(), body_of("set", "foo", "bär")
    first = ask(bodies, body)
    assert first == ("set", pack([["set", "foo", "bär"]]))
    assert ask(bodies, bytes(bytearray(body))) is first


def test_bodies_that_differ_anywhere_are_others() -> None:
    bodies = KnownBodies()
    found = [ask(bodies, it) for it in (b'["GET","a"]', b'["GET", "a"]', b'["GET","A"]')]
    assert found[0] == found[1] != found[2]
    assert len(bodies.young) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'"GET"',
        b"[1]",
        b'["SET","n",1]',
        b'["GET",null]',
        b'[["GET","a"]]',
        b'["SUBSCRIBE","a"]',
        b'["client","list"]',
        b'["GET\\u0000","a"]',
        b'["GET","a"',
    ],
)
def test_what_is_no_ordinary_command_of_strings_is_neither_read_nor_kept(body: bytes) -> None:
    bodies = KnownBodies()
    assert ask(bodies, body) is None
    assert bodies.young == {}


def test_long_bodies_are_read_and_not_kept() -> None:
    bodies = KnownBodies(bytes_max=32)
    assert ask(bodies, body_of("SET", "a", "x" * 32)) is not None
    assert bodies.young == {}


def test_what_is_used_survives_any_number_of_others() -> None:
    bodies, hot = KnownBodies(size=4), body_of("GET", "hot")
    first = ask(bodies, hot)
    for number in range(50):
        ask(bodies, body_of("GET", str(number)))
        assert ask(bodies, hot) is first
    assert len(bodies.young) <= 4
    assert ask(bodies, body_of("GET", "0")) == ("GET", pack([["GET", "0"]]))

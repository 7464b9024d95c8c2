"""A server that is away or says no: words with the way out, and a page that stands."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from pytest_django import Settings
from redis import exceptions

from browser import bounded_socket
from browser.quoting import to_ref
from browser.refusals import refusal
from instances.models import Instance
from instances.provisioners import server_process
from instances.provisioners.server_config import ServerPaths
from instances.states import Status, Wish
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer, running_server
from tests.data_browser.visitor import DATA, HTMX, Visitor, events
from tests.instances.rows import make_instance
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_server(settings: Settings) -> Iterator[RealServer]:
    """A server that the test may stop."""
    with running_server(memory_mb=16) as server:
        server.lead_to(settings)
        yield server


@pytest.mark.parametrize(
    ("wish", "status", "words"),
    [
        (Wish.STOPPED, Status.STOPPED, "Start it to see its data"),
        (Wish.RUNNING, Status.CREATING, "The instance is starting"),
        (Wish.RUNNING, Status.ERROR, "Restart it there"),
        (Wish.RUNNING, Status.RUNNING, "reached right now"),
    ],
)
def test_page_of_a_server_that_is_away_says_what_helps(
    cast: Cast, wish: Wish, status: Status, words: str
) -> None:
    make_instance(cast.acme, wish=wish, status=status)
    viewer = Visitor(cast.viewer)
    assert words in viewer.page()
    assert words in viewer.key(b"k")
    portion = viewer.client.get(f"{DATA}keys/", headers=HTMX).content.decode()
    assert words in portion


def test_script_that_keeps_the_server_busy_is_named(own_server: RealServer, cast: Cast) -> None:
    own_server.instance(cast.acme)
    own_server.client.config_set("busy-reply-threshold", "1")
    loop = threading.Thread(target=_endless_script, args=(own_server,))
    loop.start()
    try:
        visitor = Visitor(cast.developer)
        wait_until(lambda: "A script keeps the server busy" in visitor.page(), "it says so")
    finally:
        _admin(own_server).execute_command("SCRIPT", "KILL")  # type: ignore[no-untyped-call]
        loop.join()


def test_answer_that_never_came_stays_written_down(own_server: RealServer, cast: Cast) -> None:
    """Nobody knows whether the command ran, so what was tried is kept."""
    own_server.instance(cast.acme)
    own_server.client.set("k", "old")
    visitor = Visitor(cast.developer)
    # PAUSE holds writes back and lets reads through: the look succeeds, the write hangs.
    own_server.send("CLIENT", "PAUSE", 20_000, "WRITE")
    response = visitor.does("delete", b"k")
    own_server.send("CLIENT", "UNPAUSE")
    assert response.status_code == 422
    assert b"Nothing is known" in response.content
    assert events() == [("data.delete", {"key": "k", "database": 0})]


def test_server_that_ends_meanwhile_leaves_the_page_standing(
    own_server: RealServer, cast: Cast
) -> None:
    own_server.instance(cast.acme)
    visitor = Visitor(cast.viewer)
    assert "No keys yet" in visitor.page()
    process = server_process.find(_paths(own_server))
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: "reached right now" in visitor.page(), "it says so")


def test_more_than_a_page_can_hold_is_not_read(
    server: RealServer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.instance(cast.acme)
    monkeypatch.setattr(bounded_socket, "ANSWER_BYTES", 1_000_000)
    # By what the server says of the whole, its elements are small.
    server.client.rpush("l", *[b"x" * 400_000] * 4, *[b"y"] * 50_000)
    server.client.hset("h", "f", b"x" * 2_000_000)
    viewer = Visitor(cast.viewer)
    assert "too large for a page" in viewer.key(b"l")
    assert "too large for a page" in viewer.key(b"h", element=to_ref(b"f"))
    assert server.client.llen("l") == 50_004


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (exceptions.BusyLoadingError("loading"), "unavailable", "is loading its data"),
        (exceptions.AuthenticationError("no"), "unavailable", "restart the instance"),
        (exceptions.ReadOnlyError("no"), "conflict", "is a replica"),
        (exceptions.NoPermissionError("no"), "forbidden", "access rules"),
        (exceptions.ResponseError("MISCONF no"), "unavailable", "can't save to disk"),
        (exceptions.ResponseError("ERR odd"), "conflict", "The server refused: ERR odd"),
        (redis.TimeoutError("late"), "unavailable", "Nothing is known"),
    ],
)
def test_each_error_has_words_and_a_code(error: redis.RedisError, code: str, words: str) -> None:
    said = refusal(error, Instance())
    assert said.code == code
    assert words in said.message


def _paths(server: RealServer) -> ServerPaths:
    root = server.directory / "instances" / str(server.spec.id)
    (socket,) = (server.directory / "run").glob("*.sock")
    return ServerPaths(root=root, socket=socket)


def _endless_script(server: RealServer) -> None:
    with suppress(redis.ResponseError):  # that it was killed
        _admin(server).eval("while true do end", 0)


def _admin(server: RealServer) -> redis.Redis:
    return redis.Redis(connection_pool=server.client.connection_pool)

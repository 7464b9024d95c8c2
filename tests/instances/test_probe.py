import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from instances.probe import Aim, probe
from tests.waiting import in_time

HOST = "127.0.0.1"


def aim(port: int, host: str = HOST, *, is_tls: bool = False) -> Aim:
    return Aim(host=host, port=port, password="secret", is_tls=is_tls)


@contextmanager
def server(*answers: bytes) -> Iterator[int]:
    """Answer each request in turn, then stay silent until the client goes."""
    listener = socket.create_server((HOST, 0))
    done = threading.Event()

    def serve() -> None:
        link, _ = listener.accept()
        with closing(link):
            for answer in answers:
                link.recv(4096)
                link.sendall(answer)
            done.wait(5)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join()
        listener.close()


def free_port() -> int:
    with closing(socket.create_server((HOST, 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_good_server_gives_three_timed_steps() -> None:
    with server(b"+OK\r\n", b"+OK\r\n+PONG\r\n") as port:
        result = probe(aim(port))
    assert [step.name for step in result.steps] == ["Connect", "Authenticate", "PING"]
    assert result.problem == ""
    assert result.milliseconds > 0


def test_nobody_listening_is_said_with_the_address() -> None:
    port = free_port()
    result = probe(aim(port))
    assert [step.name for step in result.steps] == ["Connect"]
    assert f"Nothing listens at {HOST}:{port}" in result.problem


def test_wrong_password_gives_the_servers_own_words() -> None:
    with server(b"-WRONGPASS invalid username-password pair\r\n") as port:
        result = probe(aim(port))
    assert result.problem == "The server answered: WRONGPASS invalid username-password pair"
    assert len(result.steps) == 2


def test_loading_server_gives_its_own_words() -> None:
    with server(
        b"+OK\r\n",
        b"-LOADING Valkey is loading\r\n-LOADING Valkey is loading\r\n",
    ) as port:
        result = probe(aim(port))
    assert "LOADING" in result.problem


def test_silent_server_ends_at_the_deadline() -> None:
    started = time.monotonic()
    with server(b"+OK\r\n", b"") as port:
        result = probe(aim(port), deadline_seconds=0.3)
    assert "within 0.3 s" in result.problem
    assert in_time(started, 2)


def test_unknown_host_is_said() -> None:
    result = probe(aim(1, "no-such-host.invalid"))
    assert [step.name for step in result.steps] == ["Find the address"]
    assert "can't be resolved" in result.problem
    assert "INSTANCE_HOST" in result.advice


def test_known_host_is_found_first() -> None:
    with server(b"+OK\r\n", b"+OK\r\n+PONG\r\n") as port:
        result = probe(aim(port, "localhost"))
    names = [step.name for step in result.steps]
    assert names == ["Find the address", "Connect", "Authenticate", "PING"]
    assert result.problem == ""


def test_server_without_tls_is_told_from_one_that_is_away() -> None:
    with server(b"-ERR Protocol error\r\n") as port:
        result = probe(aim(port, is_tls=True))
    assert [step.name for step in result.steps] == ["Connect", "TLS"]
    assert "doesn't speak TLS" in result.problem
    assert "Restart the instance" in result.advice


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("WRONGPASS invalid", "rotate the password"),
        ("LOADING the dataset", "Wait until it is done"),
        ("MISCONF can't persist", "disk may be full"),
        ("ERR max number of clients reached", "Close connections"),
        ("ODD", "give these words to your operator"),
    ],
)
def test_each_refusal_has_a_way_out(words: str, advice: str) -> None:
    with server(f"-{words}\r\n".encode()) as port:
        result = probe(aim(port))
    assert words in result.problem
    assert advice in result.advice

"""A server that somebody else runs may say anything, and harms nobody by it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from instances.provisioners import admin_connection, external_check
from instances.provisioners.admin_connection import LONGEST_REFUSAL, ServerError
from instances.provisioners.base import Presence, ProvisionError
from instances.provisioners.external import ExternalProvisioner
from instances.remote import Remote
from tests.instances.provisioners.test_external import spec_of
from tests.somebody_elses import HERE

HELD = {"is_held": True}


@contextmanager
def saying(*answers: bytes) -> Iterator[Remote]:
    """Answer the first words with the first of these, and so on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer, args=(listener, answers), daemon=True)
        thread.start()
        yield Remote(host="127.0.0.1", port=listener.getsockname()[1], guard=HERE)
        thread.join(5)


def _answer(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    link, _ = listener.accept()
    with link, suppress(OSError):
        for answer in answers:
            link.recv(65536)
            link.sendall(answer)
        link.recv(65536)


def test_refusal_fits_into_a_row() -> None:
    with saying(b"-ERR \0" + b"x" * 10_000 + b"\r\n") as remote:
        seen = ExternalProvisioner().observe(spec_of(remote), HELD)
    assert seen.presence is Presence.SILENT
    assert "\0" not in seen.detail
    assert len(seen.detail) < LONGEST_REFUSAL + 100


def test_endless_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_connection, "LARGEST_ANSWERS_BYTES", 10_000)
    with saying(b"$1000000000\r\n" + b"x" * 1_000_000) as remote:
        seen = ExternalProvisioner().observe(spec_of(remote), HELD)
    assert seen.detail == "the server says more than can be read"


@pytest.mark.parametrize("version", ["7.x", "7.\u00b2"])
def test_numbers_that_are_none_are_told_in_words(version: str) -> None:
    info = f"redis_version:{version}\r\nused_memory:much\r\n".encode()
    bulk = b"$%d\r\n%b\r\n" % (len(info), info)
    with (
        saying(b"+OK\r\n", bulk, b"+none\r\n:0\r\n*0\r\n*0\r\n", b"+OK\r\n" * 4) as remote,
        pytest.raises(ProvisionError, match="as no Redis server does"),
    ):
        external_check.check(remote)


def test_refusals_of_any_server_are_cut() -> None:
    assert str(ServerError("x" * 1000)) == "x" * LONGEST_REFUSAL

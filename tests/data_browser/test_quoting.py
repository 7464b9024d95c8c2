"""Bytes to text and back: whatever a name holds."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser import quoting
from browser.typed import Written, to_bytes, to_text
from redisgate.lib.errors import InvalidInput
from tests.data_browser.conftest import RealServer

HARD = [b"", b" ", b"\x00", b"a\r\nb", b"\xff\xfe", b'"', b"\\", b"*", b"\xe2\x82", "ü€😀".encode()]


@settings(deadline=None)
@given(st.binary())
def test_reference_brings_the_same_bytes_back(raw: bytes) -> None:
    assert quoting.from_ref(quoting.to_ref(raw)) == raw


@settings(deadline=None)
@given(st.binary())
def test_escaped_text_is_printable_and_brings_the_same_bytes_back(raw: bytes) -> None:
    text = quoting.shown(raw, quote="\\")
    assert not text or text.isprintable()
    assert quoting.unescaped(text) == raw


@settings(deadline=None)
@given(st.binary())
def test_unchanged_field_of_a_form_is_the_same_value(raw: bytes) -> None:
    text, written = to_text(raw)
    sent = text.replace("\n", "\r\n")  # as forms send it
    assert to_bytes(sent, written) == raw


def test_reference_that_we_never_wrote_is_refused() -> None:
    with pytest.raises(InvalidInput):
        quoting.from_ref("a b")


@pytest.mark.parametrize("raw", HARD)
def test_redis_cli_takes_a_copied_command(shared_server: RealServer, raw: bytes) -> None:
    cli = shutil.which("redis-cli")
    assert cli, "install redis-tools"
    client = shared_server.client
    client.flushall()
    socket = client.connection_pool.connection_kwargs["path"]
    login = ["--user", "rg-admin", "--pass", "only-for-tests-" + "x" * 20, "--no-auth-warning"]
    command = quoting.command("SET", b"k" + raw, raw) + "\n"
    subprocess.run([cli, "-s", socket, *login], input=command.encode(), check=True)
    assert client.get(b"k" + raw) == raw


@pytest.mark.parametrize(
    ("text", "written", "words"),
    [
        ("{", Written.JSON, "not JSON"),
        ("zz", Written.HEX, "not hex"),
        ("*", Written.BASE64, "not base64"),
        ("NaN", Written.JSON, "not JSON"),
    ],
)
def test_what_is_not_as_it_is_said_to_be_is_refused(
    text: str, written: Written, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        to_bytes(text, written)


def test_json_is_stored_on_one_line_with_its_numbers_as_they_are() -> None:
    text = '{\n  "a": 1e400,\n  "a": 12345678901234567890.0\n}'
    assert to_bytes(text, Written.JSON) == b'{"a":1e400,"a":12345678901234567890.0}'

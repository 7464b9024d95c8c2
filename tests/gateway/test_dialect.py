"""Upstash's own words, as values."""

import hashlib
import mmap

import pytest

from gateway import dialect
from gateway.dialect import Translation, without_type_option
from gateway.dialect_scripts import SLOTS, Scripts, without_upstash_flags
from gateway.resp import Command, ErrorReply, Reply

FLAGGED = b"#!lua flags=allow-key-locking\nreturn 1"
PLAIN = b"#!lua\nreturn 1"


def sha1(text: bytes) -> bytes:
    return hashlib.sha1(text, usedforsecurity=False).hexdigest().encode()


def scripts_of() -> Scripts:
    return Scripts(bytearray(Scripts.SIZE_BYTES))


def translated(scripts: Scripts, *commands: Command) -> Translation | None:
    return dialect.translate(commands, range(len(commands)), scripts)


@pytest.mark.parametrize(
    ("script", "sent"),
    [
        (FLAGGED, PLAIN),
        (b"#!lua flags=no-writes,allow-key-locking\nx", b"#!lua flags=no-writes\nx"),
        (b"#!lua flags=allow-key-locking,no-writes\nx", b"#!lua flags=no-writes\nx"),
        (b"#!lua  flags=allow-key-locking\r\nx", b"#!lua\nx"),
        (b"#!lua flags=allow-key-locking", b"#!lua"),
    ],
)
def test_flags_of_upstash_are_left_out(script: bytes, sent: bytes) -> None:
    assert without_upstash_flags(script) == sent


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"return 1",
        b"return 'allow-key-locking'",
        b" " + FLAGGED,
        b"#!lua\nreturn 'allow-key-locking'",
        b"#!lua flags=no-writes\nreturn 1",
        b"#!lua flags=allow-key-lockin\nreturn 1",
        b"#!lua flags=no-such-flag\n-- flags=allow-key-locking",
        b"#!js flags=allow-key-locking\n",
        b"#!lua name=mylib\nallow-key-locking",
        b"#!lua  name=allow-key-locking\n",
        b"#!\n",
    ],
)
def test_any_other_script_stays_as_it_is(script: bytes) -> None:
    assert without_upstash_flags(script) is script


@pytest.mark.parametrize("name", [b"EVAL", b"eval_ro"])
def test_a_flagged_script_is_sent_without_the_flag_and_known_by_its_own_digest(name: bytes) -> None:
    scripts = scripts_of()
    translation = translated(scripts, [name, FLAGGED, b"0", b"x"])
    assert translation is not None
    assert translation.sent == {0: [name, PLAIN, b"0", b"x"]}

    digest = sha1(FLAGGED)
    for called in (digest, digest.upper()):
        translation = translated(scripts, [b"EVALSHA", called, b"1", b""])
        assert translation is not None
        assert translation.sent == {0: [b"EVALSHA", sha1(PLAIN), b"1", b""]}


def test_the_digest_of_a_loaded_script_is_that_of_its_own_text() -> None:
    scripts = scripts_of()
    translation = translated(scripts, [b"script", b"load", FLAGGED])
    assert translation is not None
    assert translation.sent == {0: [b"script", b"load", PLAIN]}
    replies: list[Reply] = [sha1(PLAIN)]
    dialect.answer(translation, replies)
    assert replies == [sha1(FLAGGED)]


def test_a_refused_load_stays_an_error() -> None:
    translation = translated(scripts_of(), [b"SCRIPT", b"LOAD", FLAGGED])
    assert translation is not None
    refusal = ErrorReply("ERR Error compiling script")
    replies: list[Reply] = [refusal]
    dialect.answer(translation, replies)
    assert replies == [refusal]


def test_script_exists_asks_for_what_the_server_knows() -> None:
    scripts = scripts_of()
    scripts.note(FLAGGED, PLAIN)
    translation = translated(scripts, [b"SCRIPT", b"EXISTS", sha1(b"x"), sha1(FLAGGED)])
    assert translation is not None
    assert translation.sent == {0: [b"SCRIPT", b"EXISTS", sha1(b"x"), sha1(PLAIN)]}


@pytest.mark.parametrize(
    "line",
    [
        "EVAL",
        "EVALSHA",
        "EVALSHA short 0",
        "EVAL return 0",
        "SCRIPT",
        "SCRIPT FLUSH",
        "SCRIPT LOAD",
        "SCRIPT LOAD x",
        "SCAN",
        "SCAN 0 MATCH WITHTYPE",
        "ACL",
        "ACL WHOAMI",
    ],
)
def test_what_the_server_understands_is_left_alone(line: str) -> None:
    assert translated(scripts_of(), line.encode().split(b" ")) is None


def test_an_unknown_digest_is_the_servers_business() -> None:
    assert translated(scripts_of(), [b"EVALSHA", sha1(FLAGGED), b"0"]) is None


def test_the_memory_of_scripts_is_bounded() -> None:
    memory = bytearray(Scripts.SIZE_BYTES)
    scripts = Scripts(memory)
    texts = [b"%d" % number for number in range(2 * SLOTS)]
    for text in texts:
        scripts.note(text, b"sent")
    known = [text for text in texts if scripts.on_server(sha1(text)) != sha1(text)]
    assert len(memory) == Scripts.SIZE_BYTES
    assert len(known) > SLOTS / 2
    assert {scripts.on_server(sha1(text)) for text in known} == {sha1(b"sent")}


def test_what_one_worker_has_sent_another_knows() -> None:
    memory = mmap.mmap(-1, Scripts.SIZE_BYTES)
    Scripts(memory).note(FLAGGED, PLAIN)
    assert Scripts(memory).on_server(sha1(FLAGGED)) == sha1(PLAIN)


@pytest.mark.parametrize("digest", [b"", b"f" * 39, b"g" * 40, b"\xff" * 40, b" f" * 20, b"f" * 42])
def test_what_is_no_digest_is_left_alone(digest: bytes) -> None:
    assert scripts_of().on_server(digest) is digest


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("SCAN 0 WITHTYPE", "SCAN 0"),
        ("scan 5 match a* withtype count 10", "scan 5 match a* count 10"),
        ("SCAN 0 COUNT 10 TYPE string WithType", "SCAN 0 COUNT 10 TYPE string"),
        ("SCAN 0 MATCH WITHTYPE WITHTYPE", "SCAN 0 MATCH WITHTYPE"),
        ("SCAN WITHTYPE", "SCAN WITHTYPE"),
        ("SCAN 0 COUNT", "SCAN 0 COUNT"),
    ],
)
def test_withtype_is_an_option_only_where_options_are(line: str, kept: str) -> None:
    assert without_type_option(line.encode().split(b" ")) == kept.encode().split(b" ")


def test_what_the_server_does_not_have_cannot_be_part_of_a_transaction() -> None:
    for command in ([b"SCAN", b"0", b"WITHTYPE"], [b"ACL", b"RESTTOKEN", b"a", b"b"]):
        translation = translated(scripts_of(), command)
        assert translation is not None
        assert translation.not_in_transaction.startswith("ERR Command is not available: SCAN")
    translation = translated(scripts_of(), [b"EVAL", FLAGGED, b"0"])
    assert translation is not None
    assert translation.not_in_transaction == ""

"""What a line of the log holds, in either form, whoever wrote it."""

import io
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from redisgate.lib import log_context, logs, redaction, request_id, trace_context

Lines = Callable[[], list[dict[str, Any]]]
NAME = "tests.logs"
CANARY = "CANARY0123456789"


def listen(form: str, *, has_colours: bool = False) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logs.Handler(stream)
    handler.setFormatter(logs.formatter(form, has_colours=has_colours))
    log = logging.getLogger(NAME)
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield stream
    log.removeHandler(handler)


@pytest.fixture
def lines() -> Iterator[Lines]:
    for stream in listen("json"):
        yield partial(_parsed, stream)


def _parsed(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def text() -> Iterator[io.StringIO]:
    yield from listen("text")


def test_json_line_says_when_who_what_and_of_whom(lines: Lines) -> None:
    log = logging.getLogger(NAME)
    with (
        request_id.named("my-request"),
        trace_context.entered(trace_context.TraceContext("a" * 32, "b" * 16)),
        log_context.scope(instance="some-instance"),
    ):
        log_context.bind(person=7, organization="acme-id", key="rg_ab12cd34")
        log.warning("%s waits %d s", "it", 3, extra={"attempt": 2, "request": object()})
    (line,) = lines()
    moment = datetime.fromisoformat(line.pop("timestamp"))
    assert moment.tzinfo == UTC
    assert line == {
        "level": "warning",
        "logger": NAME,
        "event": "it waits 3 s",
        "attempt": 2,
        "request_id": "my-request",
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
        "instance": "some-instance",
        "person": "7",
        "organization": "acme-id",
        "key": "rg_ab12cd34",
    }


def test_traceback_is_one_field_without_secrets_and_values(lines: Lines) -> None:
    try:
        raise ValueError(f"redis://default:{CANARY}@host broke")
    except ValueError:
        logging.getLogger(NAME).exception("it broke")
    (line,) = lines()
    (stack,) = line["exception"]
    assert stack["exc_type"] == "ValueError"
    assert stack["exc_value"] == "redis://default:[redacted]@host broke"
    assert stack["frames"][0]["name"] == "test_traceback_is_one_field_without_secrets_and_values"
    assert CANARY not in json.dumps(line)


def test_line_that_cannot_be_formatted_is_named_and_not_shown(
    lines: Lines, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The handlers of pytest would raise.
    monkeypatch.setattr(logging.getLogger(NAME), "propagate", False)
    logging.getLogger(NAME).info("password=%s %d", CANARY, CANARY)
    (line,) = lines()
    assert (line["level"], line["logger"]) == ("error", NAME)
    assert re.fullmatch(r"a line of test_lines\.py:\d+ can't be written: TypeError", line["event"])
    assert CANARY not in "".join(capfd.readouterr())


def test_platform_writes_with_this_handler() -> None:
    assert any(isinstance(it, logs.Handler) for it in logging.getLogger().handlers)


def test_log_that_nobody_reads_any_more_is_no_trouble(capfd: pytest.CaptureFixture[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with suppress(BrokenPipeError), os.fdopen(writes, "w") as stream:
        logs.Handler(stream).handle(logging.makeLogRecord({"msg": CANARY}))
    assert CANARY not in "".join(capfd.readouterr())


def test_text_line_is_a_sentence_with_what_it_is_about(text: io.StringIO) -> None:
    with request_id.named("my-request"), log_context.scope(job=5):
        logging.getLogger(NAME).info("it is done")
    time, _, rest = text.getvalue().partition(" ")
    assert time.endswith("Z")
    assert rest == f"INFO    {NAME}: it is done  request_id=my-request job=5\n"


def test_nobody_can_begin_a_line_of_their_own(text: io.StringIO) -> None:
    try:
        raise ValueError("one\n2026-01-01T00:00:00.000Z ERROR forged: \x1b[31mtwo")
    except ValueError as error:
        logging.getLogger(NAME).error("path /a\nforged", exc_info=error)
    first, *rest = text.getvalue().splitlines()
    assert first.endswith(r"path /a\nforged")
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in text.getvalue()


def test_colours_are_for_terminals() -> None:
    for stream in listen("text", has_colours=True):
        logging.getLogger(NAME).error("it broke")
        assert "\x1b[31mERROR  \x1b[0m" in stream.getvalue()


def test_very_long_words_are_cut(lines: Lines) -> None:
    logging.getLogger(NAME).info("xy " * 20_000)
    whole = redaction.TEXT_LENGTH_MAX // 3
    assert lines()[0]["event"] == "xy " * whole + f"… ({60_000 - 3 * whole} characters less)"


def test_a_very_long_word_is_left_out(lines: Lines) -> None:
    logging.getLogger(NAME).info("x" * 50_000)
    assert lines()[0]["event"] == "… (50000 characters less)"


def test_very_long_words_inside_of_a_traceback_are_cut(lines: Lines) -> None:
    try:
        raise ValueError("x" * 50_000)
    except ValueError:
        logging.getLogger(NAME).exception("no")
    ((stack,),) = [line["exception"] for line in lines()]
    assert stack["exc_value"] == "… (50000 characters less)"


def test_a_very_long_traceback_keeps_its_error(text: io.StringIO) -> None:
    try:
        raise ValueError("password:\n" + "hunter2 " * 10_000 + "\nit broke")
    except ValueError as error:
        logging.getLogger(NAME).error("no", exc_info=error)
    told = text.getvalue()
    assert "ValueError: password:" in told
    assert told.endswith("characters less)\n    it broke\n")

"""Every mail is there as text and as HTML."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from mail.printing import PrintingBackend
from orgs.invitations.links import url
from redisgate.lib import logs

FRAMES = {"base_message.txt"}
TEXTS = sorted(
    path
    for path in Path(ours.BASE_DIR, "templates").glob("*/email/*_message.txt")
    if path.name not in FRAMES
)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_mail_has_a_subject_and_html_beside_its_text(text: Path) -> None:
    assert text.with_suffix(".html").exists()
    assert Path(str(text).replace("_message.txt", "_subject.txt")).exists()


def test_mail_without_a_server_is_printed_as_text_alone() -> None:
    log = StringIO()
    message = EmailMultiAlternatives("Hello", "Open it: LINK", to=["ada@example.com"])
    message.attach_alternative("<a>LINK</a>", "text/html")
    PrintingBackend(stream=log).send_messages([message])
    assert log.getvalue().startswith("To: ada@example.com\nSubject: Hello\n\nOpen it: LINK\n")
    assert "<a>" not in log.getvalue()


def test_printed_mail_keeps_its_links_where_the_log_is_for_programs(settings: Settings) -> None:
    settings.LOG_FORMAT = "json"
    links = f"{url('rgi_CANARY0123456789abcdef')}\nhttps://host/accounts/confirm-email/a:b:c/"
    mail = EmailMultiAlternatives("Hello", f"Open it: {links}", to=["ada@example.com"])
    with logged_as_json() as stream:
        PrintingBackend().send_messages([mail])
    line = json.loads(stream.getvalue())
    assert line["body"] == f"Open it: {links}"
    assert (line["to"], line["subject"]) == ("ada@example.com", "Hello")


@pytest.mark.parametrize("level", ["INFO", "WARNING", "ERROR"])
def test_mail_is_printed_however_little_is_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    settings.LOG_FORMAT = "json"
    caplog.set_level(level)
    with logged_as_json() as stream:
        PrintingBackend().send_messages([EmailMultiAlternatives("Hello", "Hi", to=["a@b.example"])])
    assert json.loads(stream.getvalue())["body"] == "Hi"


@contextmanager
def logged_as_json() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter("json"))
    logging.root.addHandler(handler)
    try:
        yield stream
    finally:
        logging.root.removeHandler(handler)


def test_there_are_mails() -> None:
    assert len(TEXTS) >= 5

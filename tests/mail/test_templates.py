"""Every mail is there as text and as HTML."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mail.printing import PrintingBackend

FRAMES = {"base_message.txt"}
TEXTS = sorted(
    path
    for path in Path(settings.BASE_DIR, "templates").glob("*/email/*_message.txt")
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


def test_there_are_mails() -> None:
    assert len(TEXTS) >= 5

"""A mail server on loopback that keeps what it gets, and refuses what it is told to refuse."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.platform import free_port

ACCEPTED = "250 OK"
SILENCE = ""
"""Instead of an answer: it has the mail and says nothing."""


@dataclass
class PostOffice:
    """``answers`` are given to the next mails, one each; without any they are accepted."""

    port: int
    answers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    asked: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        if answer == SILENCE:
            await asyncio.Event().wait()
        if answer == ACCEPTED:
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return answer


@contextmanager
def is_open(office: PostOffice) -> Iterator[PostOffice]:
    """Serve until the context ends."""
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def found() -> PostOffice:
    """Choose where a post office will be; nobody is there yet."""
    return PostOffice(port=free_port())


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body(preferencelist=(kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())

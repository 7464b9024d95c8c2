"""Mail over a real queue and a real mail server."""

import re
import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from jobs.models import DeadLetter
from jobs.priorities import Priority
from mail import delivery, smtp_refusals, urgency
from tests.conftest import make_user
from tests.mail import post_office
from tests.mail.conftest import let_time_pass, name_in, work
from tests.mail.post_office import PostOffice, html_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)

LINK = "https://redis.example.com/reset/secret-of-this-link"
ADDRESS = "ada.lovelace@example.com"


def write(link: str = LINK) -> None:
    message = EmailMultiAlternatives("Hello", f"Go to {link}", to=[ADDRESS])
    message.attach_alternative(f'<a href="{link}">Go</a>', "text/html")
    message.send()


def told(caplog: pytest.LogCaptureFixture) -> str:
    """Return the platform's own log; the mail server's names everybody."""
    records = (record for record in caplog.records if record.name.startswith("redisgate"))
    return "\n".join(f"{record.levelname} {record.getMessage()}" for record in records)


def test_page_only_queues_and_worker_delivers_text_and_html(office: PostOffice) -> None:
    write()
    assert office.letters == []
    work()
    [letter] = office.letters
    assert letter["To"] == ADDRESS
    assert letter["Message-ID"]
    assert LINK in text_of(letter)
    assert LINK in html_of(letter)


def test_queue_holds_nothing_that_can_be_read(office: PostOffice) -> None:
    write()
    [job] = DBTaskResult.objects.all()
    assert "secret-of-this-link" not in str(job.args_kwargs)
    assert ADDRESS not in str(job.args_kwargs)


def test_rolled_back_transaction_writes_to_nobody(office: PostOffice) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    work()
    assert office.asked == 0


def test_forgotten_password_of_allauth_comes_through_the_queue(
    client: Client, office: PostOffice, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    make_user("olivia")
    client.post("/accounts/password/reset/", {"email": "olivia@example.com"})
    assert office.letters == []
    work()
    [letter] = office.letters
    assert DBTaskResult.objects.get().priority == Priority.SOMEBODY_WAITS
    assert "/accounts/password/reset/key/" in text_of(letter)
    assert "/accounts/password/reset/key/" in html_of(letter)


def test_mail_waits_while_the_server_is_away_and_arrives_once_it_is_back(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    office = post_office.found()
    name_in(settings, office)
    write()
    work()
    let_time_pass()
    work()
    assert re.search(r"waits [345] s after attempt 2: Undelivered: mail <", told(caplog))
    assert "ada.lovelace" not in told(caplog)
    with post_office.is_open(office):
        let_time_pass()
        work()
    assert len(office.letters) == 1
    assert let_time_pass() == 0


def test_mail_that_is_put_off_keeps_its_id(office: PostOffice) -> None:
    office.answers = ["451 greylisted, come again"]
    write()
    work()
    assert office.letters == []
    let_time_pass()
    work()
    assert len(office.letters) == 1
    assert office.asked == 2


def test_permanent_refusal_is_given_up_and_told_without_the_address(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office.answers = [f"550 <{ADDRESS}> unknown"]
    write()
    work()
    assert let_time_pass() == 0
    log, kept = told(caplog), DeadLetter.objects.get().traceback
    assert log.startswith("ERROR job mail.delivery.deliver ")
    assert re.search(r"failed for good in attempt 1: Refused: mail <\d[\d.]+@", log)
    for text in (log, kept.strip()):
        assert text.endswith("to example.com: SMTPDataError 550")
        assert "ada.lovelace" not in text


def test_mail_is_given_up_after_about_a_day(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = [delivery.A_DAY.pause_after(n) for n in range(1, delivery.A_DAY.attempts)]
    assert 20 < sum(pause.total_seconds() for pause in pauses) / 3600 < 30
    office.answers = ["451 later"]
    write()
    DBTaskResult.objects.update(worker_ids=["elsewhere:1:1"] * (delivery.A_DAY.attempts - 1))
    work()
    assert let_time_pass() == 0
    assert "failed for good in attempt 34: Undelivered: mail <" in told(caplog)
    assert DeadLetter.objects.count() == 1


def test_link_that_somebody_waits_for_goes_before_notices(office: PostOffice) -> None:
    write("https://redis.example.com/notice")
    link = EmailMultiAlternatives("Link", LINK, to=[ADDRESS])
    urgency.somebody_waits(link)
    link.send()
    work()
    assert [letter["Subject"] for letter in office.letters] == ["Link", "Hello"]


def test_delivery_that_broke_off_is_done_again_under_the_same_id(office: PostOffice) -> None:
    write()
    work()
    DBTaskResult.objects.update(status="READY")  # as after `kill -9` between yes and the end
    work()
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("error", "is_permanent", "cause"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"<a@b.c>")}), True, "550"),
        (smtplib.SMTPRecipientsRefused({"a": (550, b""), "b": (451, b"")}), False, "451 550"),
        (smtplib.SMTPDataError(554, b"spam"), True, "554"),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), False, "535"),
        (smtplib.SMTPSenderRefused(530, b"log in", "gate@b.c"), False, "530"),
        (smtplib.SMTPServerDisconnected("gone"), False, "SMTPServerDisconnected"),
        (ConnectionRefusedError(111, "Connection refused"), False, "refused"),
    ],
)
def test_only_what_the_mail_is_to_blame_for_is_permanent(
    error: OSError, is_permanent: bool, cause: str
) -> None:
    assert smtp_refusals.is_permanent(error) == is_permanent
    assert cause in smtp_refusals.cause(error)
    assert "@b.c" not in smtp_refusals.cause(error)


def test_attachment_is_refused_instead_of_lost() -> None:
    message = EmailMessage("Hello", "Here", to=[ADDRESS])
    message.attach("a.txt", "text")
    with pytest.raises(ValueError, match="link to the file"):
        message.send()


def test_in_other_tests_mail_arrives_at_once_and_through_the_queue() -> None:
    write()
    assert mail.outbox[0].subject == "Hello"
    assert "Message-ID" in mail.outbox[0].extra_headers

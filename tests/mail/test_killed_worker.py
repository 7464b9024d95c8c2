"""A worker that is killed loses no mail."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.mail import send_mail

from tests.instances.harness import database_url
from tests.mail.post_office import SILENCE, PostOffice
from tests.platform import MANAGE
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker(office: PostOffice) -> "Iterator[subprocess.Popen[bytes]]":
    """`manage.py worker` as a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "redisgate.settings",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
    }
    process = subprocess.Popen([*MANAGE, "worker"], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_mail_in_the_hands_of_a_killed_worker_is_delivered_by_the_next(office: PostOffice) -> None:
    office.answers = [SILENCE]
    send_mail("Hello", "Here is your link", None, ["ada@example.com"])
    with worker(office):
        wait_until(lambda: office.asked == 1, "the mail server has the mail")
    with worker(office):
        wait_until(lambda: office.letters, "it is delivered")
    assert [letter["Subject"] for letter in office.letters] == ["Hello"]

"""The queue in the database, a worker of it, and a mail server on loopback."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from jobs import claims, running
from redisgate.lib.process_name import own_name
from tests.mail import post_office
from tests.mail.post_office import PostOffice


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """A mail server, which the platform's settings name."""
    office = post_office.found()
    name_in(settings, office)
    with post_office.is_open(office):
        yield office


def name_in(settings: Settings, office: PostOffice) -> None:
    settings.TASKS = {"default": {"BACKEND": "jobs.backend.QueueBackend"}}
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port


def work() -> None:
    """Do every job that is due."""
    while job := claims.take(own_name(), turn=1):
        running.run(job)


def let_time_pass() -> int:
    """Make every waiting job due, and tell how many there were."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, run_after__gt=timezone.now()
    )
    return waiting.update(run_after=timezone.now())

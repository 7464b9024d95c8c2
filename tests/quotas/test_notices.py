"""Who is told of a limit that is nearly or fully used, and how often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from orgs.models import Organization
from quotas import notices, services
from quotas.models import Notice
from quotas.usage import Amount
from tests.conftest import Cast, actor
from tests.quotas.rows import add_key, limit
from tests.rows import add_instance

Capture = Callable[..., AbstractContextManager[Any]]


@pytest.mark.parametrize(
    ("used", "of", "level"),
    [(3, 5, 0), (4, 5, 80), (5, 5, 100), (0, 0, 0), (1639, 2048, 80), (1638, 2048, 0), (1, 1, 100)],
)
def test_marks_are_80_and_100_percent(used: int, of: int, level: int) -> None:
    assert notices.level_of(Amount(used, of)) == level


def told() -> list[tuple[str, str]]:
    letters = [(letter.to[0], str(letter.subject)) for letter in mail.outbox]
    mail.outbox.clear()
    return letters


@pytest.fixture
def capturing(django_capture_on_commit_callbacks: Any) -> Any:
    """Have what waits for a commit done at the end of the block."""
    return django_capture_on_commit_callbacks


def looked(organization: Organization) -> None:
    """Look as after a commit, which a test inside a transaction never sees."""
    notices.look(organization.id)


def test_owners_and_admins_are_told_once_for_each_crossing(cast: Cast, capturing: Capture) -> None:
    for _ in range(4):
        add_instance(cast.acme)
    for _ in range(2):
        with capturing(execute=True):
            looked(cast.acme)
    subject = "Acme has used 80 % of its instances"
    assert told() == [(cast.admin.email, subject), (cast.owner.email, subject)]

    extra = add_instance(cast.acme)
    with capturing(execute=True):
        looked(cast.acme)
    assert {subject for _, subject in told()} == {"Acme has reached its limit of instances"}

    extra.delete()
    with capturing(execute=True):
        looked(cast.acme)
    assert told() == []
    add_instance(cast.acme)
    with capturing(execute=True):
        looked(cast.acme)
    assert len(told()) == 2


def test_sweep_finds_what_nobody_has_looked_at(cast: Cast, capturing: Capture) -> None:
    limit(cast.acme, api_keys_limit=1)
    key = add_key(cast.acme)
    with capturing(execute=True):
        notices.look_at_all()
    assert len(told()) == 2
    key.delete()
    with capturing(execute=True):
        notices.look_at_all()
    assert told() == []
    assert Notice.objects.get(organization=cast.acme).level == 0


def test_letter_holds_the_numbers_and_the_way_out(cast: Cast, capturing: Capture) -> None:
    with capturing(execute=True):
        services.set_limits(actor(cast.owner), cast.acme, memory_mb=64)
        add_instance(cast.acme, memory_mb=64)
        looked(cast.acme)
    text = str(mail.outbox[0].body)
    assert "Acme uses 64 MB of its limit of 64 MB." in text
    assert "delete unused instances, or ask your operator" in text
    assert "/orgs/acme/" in text


@pytest.mark.django_db(transaction=True)
def test_race_tells_everybody_once(cast: Cast) -> None:
    mail.outbox.clear()
    for _ in range(5):
        add_instance(cast.acme)

    def look(_: int) -> None:
        try:
            notices.look(cast.acme.id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(16)))
    assert len(told()) == 2


@pytest.mark.django_db(transaction=True)
def test_creation_itself_tells(cast: Cast) -> None:
    mail.outbox.clear()
    limit(cast.acme, instances_limit=1)
    with services.refusing("instance", organization=cast.acme):
        add_instance(cast.acme)
    assert {to for to, _ in told()} == {cast.owner.email, cast.admin.email}

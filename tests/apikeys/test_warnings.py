"""Mail before a key expires."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core import mail
from django.db import connection, connections
from django.utils import timezone

from apikeys import editing, services, warnings
from apikeys.models import ApiKey
from orgs.models import Membership
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db(transaction=True)


def ending(cast: Cast, days: float, **wish: object) -> ApiKey:
    """A key that has been there for a while and ends in so many days."""
    ends_at = timezone.now() + timedelta(days=60)
    key, _ = make_key(cast.developer, cast.acme, expires_at=ends_at, **wish)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() + timedelta(days=days))
    key.refresh_from_db()
    return key


def sent() -> list[str]:
    found = sorted(each.to[0].partition("@")[0] for each in mail.outbox)
    mail.outbox.clear()
    return found


def test_owners_admins_and_maker_hear_seven_days_and_one_day_before_and_never_twice(
    cast: Cast,
) -> None:
    now = timezone.now()
    ending(cast, 30)
    assert warnings.send_due(now) == 0
    assert sent() == []
    assert warnings.send_due(now + 23.5 * DAY) == 1
    [first, *_] = mail.outbox
    assert "“Web shop” expires" in first.subject
    assert "/orgs/acme/api-keys/" in first.body
    assert sent() == ["adam", "dora", "olivia"]
    assert warnings.send_due(now + 24 * DAY) == 0
    assert warnings.send_due(now + 29.5 * DAY) == 1
    assert sent() == ["adam", "dora", "olivia"]
    assert warnings.send_due(now + 29.9 * DAY) == 0
    assert warnings.send_due(now + 31 * DAY) == 0
    assert sent() == []


def test_maker_who_has_left_hears_nothing(cast: Cast) -> None:
    ending(cast, 3)
    Membership.objects.filter(user=cast.developer).delete()
    warnings.send_due(timezone.now())
    assert sent() == ["adam", "olivia"]


@pytest.mark.parametrize("days", [0.5, 6])
def test_end_that_was_chosen_this_near_is_no_news(cast: Cast, days: float) -> None:
    make_key(cast.owner, cast.acme, expires_at=timezone.now() + timedelta(days=days))
    assert warnings.send_due(timezone.now()) == 0


def test_revoked_and_quiet_keys_are_left_in_peace(cast: Cast) -> None:
    services.revoke(actor(cast.owner), ending(cast, 3))
    ending(cast, 3, expiry_warnings=False)
    assert warnings.send_due(timezone.now()) == 0
    assert sent() == []


def test_later_end_is_warned_of_anew(cast: Cast) -> None:
    key = ending(cast, 0.5)
    assert warnings.send_due(timezone.now()) == 1
    editing.edit(actor(cast.owner), key, expires_at=timezone.now() + 60 * DAY)
    sent()
    assert warnings.send_due(timezone.now()) == 0
    assert warnings.send_due(timezone.now() + 55 * DAY) == 1


def test_two_controllers_send_one_mail_to_each(cast: Cast) -> None:
    for _ in range(5):
        ending(cast, 3)
    now = timezone.now()
    counts: list[int] = []

    def work() -> None:
        try:
            counts.append(warnings.send_due(now))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 5
    assert len(mail.outbox) == 15
    assert connection.vendor

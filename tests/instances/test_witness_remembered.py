"""What an instance's page remembers of the first connection."""

from django.test import Client
from django.utils import timezone

from instances import first_seen
from instances.connections import Connections, Event
from instances.witness import Visitor
from instances.witness_words import Told
from tests.conftest import Cast
from tests.instances.rows import make_instance


def came(words: str) -> Connections:
    return Connections((Event(Told(words), timezone.now()),))


def test_new_instance_listens_until_somebody_has_come(cast: Cast) -> None:
    instance = make_instance(cast.acme, "Fresh")
    page = f"/orgs/acme/instances/{instance.slug}/"
    browser = Client()
    browser.force_login(cast.developer)
    assert b"data-watch-now" in browser.get(page).content
    first_seen.remember(instance, came("Connected from 127.0.0.1."))
    first_seen.remember(instance, came("Connected from 127.0.0.2."))
    reloaded = browser.get(page).content
    assert b"data-watch-now" not in reloaded
    assert b'data-phase="seen"' in reloaded
    assert b"Connected from 127.0.0.1." in reloaded


def test_command_that_was_seen_is_noted_as_the_organizations_first(cast: Cast) -> None:
    instance = make_instance(cast.acme, "Native")
    for command, is_noted in (("HELLO", False), ("SET", True)):
        visitor = Visitor(place="192.0.2.1:5", command=command, is_http=False)
        event = Event(Told("Connected from 192.0.2.1."), timezone.now(), visitor=visitor)
        first_seen.remember(instance, Connections((event,)))
        cast.acme.refresh_from_db()
        assert (cast.acme.first_command_at is not None) is is_noted


def test_who_may_not_see_the_password_is_told_of_nobody(cast: Cast) -> None:
    instance = make_instance(cast.acme, "Secret")
    first_seen.remember(instance, came("Connected from 127.0.0.1."))
    browser = Client()
    browser.force_login(cast.viewer)
    assert b"127.0.0.1." not in browser.get(f"/orgs/acme/instances/{instance.slug}/").content


def test_nobody_who_came_is_nobody_remembered(cast: Cast) -> None:
    instance = make_instance(cast.acme, "Empty")
    first_seen.remember(instance, Connections())
    assert first_seen.recall(instance) is None

"""Making an instance through the form."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from instances.models import Instance
from instances.presets import Purpose
from instances.states import Wish
from tests.clients import browser
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.instances.test_pages import HTMX, NEW, url_of

GOOD = {"name": "Sessions", "memory_mb": "64", "purpose": "cache"}


def refused(client: Client, **change: str) -> str:
    response = client.post(NEW, {**GOOD, **change})
    assert response.status_code == 422
    assert Instance.objects.filter(name="Sessions", memory_mb=64).count() == 0
    return response.content.decode()


def test_created_instance_has_what_was_asked_and_its_page_opens(cast: Cast) -> None:
    response = browser(cast.developer).post(NEW, GOOD)
    instance = Instance.objects.get()
    assert (instance.name, instance.memory_mb, instance.purpose) == ("Sessions", 64, Purpose.CACHE)
    assert instance.wish == Wish.RUNNING
    assert response.headers["Location"] == url_of(instance)


def test_htmx_is_told_where_to_go(cast: Cast) -> None:
    response = browser(cast.developer).post(NEW, GOOD, headers=HTMX)
    assert response.headers["HX-Redirect"] == url_of(Instance.objects.get())


def test_optional_fields_are_kept(cast: Cast) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    browser(cast.owner).post(NEW, {**GOOD, "slug": "s1", "expires_at": tomorrow})
    instance = Instance.objects.get()
    assert instance.slug == "s1"
    assert instance.expires_at is not None
    assert instance.expires_at.strftime("%Y-%m-%dT%H:%M") == tomorrow


def test_viewer_may_not_create(cast: Cast) -> None:
    client = browser(cast.viewer)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, GOOD).status_code == 403
    assert not Instance.objects.exists()


def test_outsider_finds_no_form(cast: Cast) -> None:
    assert browser(cast.outsider).post(NEW, GOOD).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "Give the instance a name"),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"memory_mb": "lots"}, "whole number of MB"),
        ({"memory_mb": ""}, "Say how much memory"),
        ({"memory_mb": "0"}, "Memory must be from 8 MB"),
        ({"memory_mb": "-5"}, "Memory must be from 8 MB"),
        ({"memory_mb": "4096"}, "has 2,048 MB of memory left"),
        ({"purpose": "queue"}, "Select a valid choice"),
        ({"slug": "No Spaces"}, "Use only letters"),
        ({"slug": "Big-Letters"}, "small letters"),
        ({"expires_at": "2001-01-01T00:00"}, "This moment has passed"),
        ({"expires_at": "tomorrow"}, "Write date and time like"),
    ],
)
def test_bad_input_is_answered_with_what_to_do(
    cast: Cast, change: dict[str, str], words: str
) -> None:
    assert words in refused(browser(cast.developer), **change)


def test_what_was_typed_survives_a_refusal(cast: Cast) -> None:
    text = refused(browser(cast.developer), name="Kept name", memory_mb="lots")
    assert 'value="Kept name"' in text
    assert 'value="lots"' in text


def test_htmx_gets_the_form_alone_with_its_errors(cast: Cast) -> None:
    response = browser(cast.developer).post(NEW, {**GOOD, "name": ""}, headers=HTMX)
    assert response.status_code == 422
    assert b"<html" not in response.content
    assert b"Give the instance a name" in response.content


def test_name_in_use_is_refused_in_words(cast: Cast) -> None:
    make_instance(cast.acme, "Taken")
    assert "already" in refused(browser(cast.developer), name="taken")


def test_full_quota_is_said_before_and_after_the_button(cast: Cast) -> None:
    for number in range(5):
        make_instance(cast.acme, f"Cache {number}")
    client = browser(cast.developer)
    assert b"There is no room for another instance" in client.get(NEW).content
    assert "limit of 5 instances" in refused(client)


def test_memory_that_is_left_is_shown_and_proposed(cast: Cast) -> None:
    make_instance(cast.acme, memory_mb=1948)
    text = browser(cast.developer).get(NEW).content.decode()
    assert "100 MB of your organization's 2 GB are left" in text
    assert 'value="100"' in text

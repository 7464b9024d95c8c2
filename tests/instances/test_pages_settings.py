"""The settings of an instance: what each section writes and answers."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from instances import services
from instances.models import Instance
from quotas.models import InstanceQuota
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.rows import make_instance
from tests.instances.test_pages import HTMX, LIST, page, url_of

GOOD: list[tuple[str, dict[str, Any], str, Any]] = [
    ("name", {"name": "Carts"}, "name", "Carts"),
    ("memory", {"memory_mb": "96"}, "memory_mb", 96),
    (
        "eviction",
        {"eviction_policy": "volatile-ttl", "confirm": "yes"},
        "eviction_policy",
        "volatile-ttl",
    ),
    ("persistence", {"persistence": "snapshot"}, "persistence", "snapshot"),
    ("password", {"grace": "3600", "password_version": "1"}, "password_version", 2),
    ("expiry", {"expires_at": "2099-01-31T18:00"}, "expires_at", None),
]


def post(
    user: User, instance: Instance, section: str, data: Mapping[str, Any], **headers: str
) -> Any:
    url = reverse("instances:change", args=["acme", instance.id, section])
    return browser(user).post(url, data, headers=headers)


def toast(response: HttpResponse) -> str:
    return str(json.loads(response["HX-Trigger"])["toast"]["message"])


@pytest.mark.parametrize(("section", "data", "field", "value"), GOOD)
def test_section_saves_and_goes_back_to_the_page(
    cast: Cast, section: str, data: dict[str, Any], field: str, value: Any
) -> None:
    instance = make_instance(cast.acme)
    response = post(cast.developer, instance, section, data)
    assert response.headers["Location"] == url_of(instance, "settings")
    now = getattr(Instance.objects.get(), field)
    assert now == value if value is not None else now.year == 2099


@pytest.mark.parametrize(
    ("section", "field", "safe", "risky", "words"),
    [
        ("persistence", "persistence", "aof", "none", "a restart or a crash loses all data"),
        ("persistence", "persistence", "snapshot", "none", "What is on disk is removed."),
        ("eviction", "eviction_policy", "noeviction", "allkeys-lru", "removes keys for good"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_setting_that_can_lose_data_is_asked_about_first(
    cast: Cast, section: str, field: str, safe: str, risky: str, words: str, headers: dict[str, str]
) -> None:
    instance = make_instance(cast.acme, **{field: safe})
    asked = post(cast.developer, instance, section, {field: risky}, **headers)
    assert words in asked.content.decode()
    assert f'name="{field}" value="{risky}"' in asked.content.decode()
    assert getattr(Instance.objects.get(), field) == safe
    post(cast.developer, instance, section, {field: risky, "confirm": "yes"}, **headers)
    assert getattr(Instance.objects.get(), field) == risky
    post(cast.developer, instance, section, {field: safe}, **headers)
    assert getattr(Instance.objects.get(), field) == safe


@pytest.mark.parametrize(("section", "data", "field", "value"), GOOD)
def test_htmx_gets_the_section_back_with_a_toast(
    cast: Cast, section: str, data: dict[str, Any], field: str, value: Any
) -> None:
    instance = make_instance(cast.acme)
    response = post(cast.developer, instance, section, data, **HTMX)
    text = response.content.decode()
    assert f'id="settings-{section}"' in text
    assert "<html" not in text
    assert toast(response)


@pytest.mark.parametrize(
    ("section", "data", "words"),
    [
        ("name", {"name": ""}, "Give the instance a name"),
        ("name", {"name": "Other"}, "an instance called Other already"),
        ("memory", {"memory_mb": "7"}, "from 8 MB to 65,536 MB"),
        ("memory", {"memory_mb": "9000"}, "it asks for"),
        ("memory", {"memory_mb": "99999"}, "Your organization may have 2,048 MB in all. Memory"),
        ("memory", {"memory_mb": "16"}, "Start it first"),
        ("eviction", {"eviction_policy": "lru"}, "Select a valid choice"),
        ("persistence", {}, "Choose what is kept on disk"),
        ("expiry", {"expires_at": "2001-01-31T18:00"}, "must be in the future"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_refusal_stands_in_the_section(
    cast: Cast, section: str, data: dict[str, Any], words: str, headers: dict[str, str]
) -> None:
    make_instance(cast.acme, "Other")
    instance = make_instance(cast.acme, acl_done=1)
    response = post(cast.developer, instance, section, data, **headers)
    assert response.status_code == 422
    assert words in response.content.decode()
    before, now = instance, Instance.objects.get(pk=instance.pk)
    assert (now.name, now.memory_mb, now.settings_wish) == (before.name, before.memory_mb, 0)


def test_quota_refuses_with_numbers(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(memory_mb_limit=100)
    instance = make_instance(cast.acme)
    text = post(cast.developer, instance, "memory", {"memory_mb": "128"}).content.decode()
    assert "64 MB of your limit of 100 MB are in use" in text


@pytest.mark.parametrize(("section", "data", "_field", "_value"), GOOD)
def test_viewer_changes_nothing_and_outsider_finds_nothing(
    cast: Cast, section: str, data: dict[str, Any], _field: str, _value: Any
) -> None:
    instance = make_instance(cast.acme)
    assert post(cast.viewer, instance, section, data).status_code == 403
    assert post(cast.outsider, instance, section, data).status_code == 404
    now = Instance.objects.get()
    assert (now.name, now.settings_wish, now.password_version) == ("Sessions", 0, 1)


def test_unknown_section_is_not_found(cast: Cast) -> None:
    assert post(cast.owner, make_instance(cast.acme), "colour", {}).status_code == 404


def test_viewer_reads_the_settings_in_words(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    text = page(cast.viewer, url_of(instance, "settings"))
    assert "Your role lets you look" in text
    assert "noeviction" in text
    assert "/settings/name/" not in text
    assert instance.password not in text
    assert "Delete instance" not in text


def test_second_press_of_a_new_password_says_so(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    data = {"grace": "0", "password_version": "1"}
    assert "The new password" in toast(post(cast.developer, instance, "password", data, **HTMX))
    made = Instance.objects.get().password
    second = post(cast.developer, instance, "password", data, **HTMX)
    assert "changed already" in toast(second)
    assert Instance.objects.get().password == made


def test_former_password_that_works_is_shown_and_can_be_ended(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    post(cast.developer, instance, "password", {"grace": "3600", "password_version": "1"})
    text = page(cast.developer, url_of(instance, "settings"))
    assert "The former password works too" in text
    assert instance.password not in text
    post(cast.developer, instance, "former", {})
    assert "works too" not in page(cast.developer, url_of(instance, "settings"))


def test_extension_pressed_twice_adds_one_day(cast: Cast) -> None:
    soon = timezone.now() + timedelta(hours=2)
    instance = make_instance(cast.acme, expires_at=soon)
    for _ in range(2):
        post(cast.developer, instance, "expiry", {"seen": soon.isoformat(), "more": "day"})
    assert Instance.objects.get().expires_at == soon + timedelta(days=1)


def test_one_that_is_kept_for_ever_has_no_end(cast: Cast) -> None:
    soon = timezone.now() + timedelta(hours=2)
    instance = make_instance(cast.acme, expires_at=soon)
    post(cast.developer, instance, "expiry", {"seen": soon.isoformat(), "more": "ever"})
    assert Instance.objects.get().expires_at is None


def test_extended_from_the_head_the_head_comes_back_without_its_warning(cast: Cast) -> None:
    soon = timezone.now() + timedelta(hours=2)
    instance = make_instance(cast.acme, expires_at=soon)
    assert "about to expire" in page(cast.developer, url_of(instance))
    assert "Extend by 1 day" not in page(cast.viewer, url_of(instance))
    headers = {**HTMX, "HX-Target": "instance-live"}
    data = {"seen": soon.isoformat(), "more": "day"}
    response = post(cast.developer, instance, "expiry", data, **headers)
    assert b'id="instance-live"' in response.content
    assert b"about to expire" not in response.content


def test_list_warns_of_an_end_that_is_near(cast: Cast) -> None:
    make_instance(cast.acme, expires_at=timezone.now() + timedelta(hours=30))
    assert "expiring" not in page(cast.viewer, LIST)
    Instance.objects.update(expires_at=timezone.now() + timedelta(hours=20))
    assert "expiring" in page(cast.viewer, LIST)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Changed settings are being applied"),
        ({"settings_note": "40 of 100 keys."}, "40 of 100 keys."),
        ({"settings_failures": 1, "settings_note": "MISCONF"}, "could not be applied yet"),
        ({"status": "stopped", "wish": "stopped"}, "take effect when the server starts"),
    ],
)
def test_page_says_how_far_the_server_is(cast: Cast, facts: dict[str, Any], words: str) -> None:
    instance = make_instance(cast.acme, settings_wish=1, **facts)
    assert words in page(cast.viewer, url_of(instance))


def test_promise_of_the_purpose_stands_only_while_it_is_kept(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    assert "Nothing is ever evicted" in page(cast.viewer, url_of(instance))
    Instance.objects.update(persistence="none")
    assert "Nothing is ever evicted" not in page(cast.viewer, url_of(instance))


def test_one_that_is_being_deleted_is_not_changed(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    services.delete(actor(cast.developer), instance)
    response = post(cast.developer, instance, "name", {"name": "Carts"})
    assert response.status_code == 422
    assert Instance.objects.get().name == "Sessions"

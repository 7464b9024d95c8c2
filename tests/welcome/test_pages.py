"""The guided way, step by step, as its pages show it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apikeys.models import ApiKey
from instances.models import Instance
from orgs import first_command
from orgs.access import enter
from orgs.models import Organization
from orgs.roles import Permission
from quotas.models import InstanceQuota
from tests.apikeys.rows import make_key
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.rows import make_instance
from welcome import services

pytestmark = pytest.mark.django_db
START = "/orgs/acme/start/"


def page(client: Client, path: str = START) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_one_press_makes_instance_and_key_and_shows_the_key_once(cast: Cast) -> None:
    client = browser(cast.developer)
    assert 'value="my-redis"' in page(client)
    made = client.post(START, {"name": "sessions"})
    key, instance = ApiKey.objects.get(), Instance.objects.get()
    assert made["Location"] == f"{START}{key.pk}/"
    assert (instance.name, instance.purpose, key.scopes) == ("sessions", "store", ["write"])
    shown = page(client, made["Location"])
    assert "Save this key now" in shown
    assert shown.count(key.prefix) >= 1
    assert f"/redis/{instance.pk}/set/hello/world" in shown
    assert "YOUR_API_KEY" not in shown
    again = page(client, made["Location"])
    assert "Save this key now" not in again
    assert "YOUR_API_KEY" in again


def test_clients_and_their_order_are_the_same_wherever_code_is_shown(cast: Cast) -> None:
    client = browser(cast.owner)
    made = client.post(START, {"name": "sessions"})
    instance = f"/orgs/acme/instances/{Instance.objects.get().pk}/"
    front, guided = tabs(page(Client(), "/")), tabs(page(client, made["Location"]))
    assert front == guided == tabs(page(client, instance))
    assert front[0] == "cURL"
    assert len(front) == 9


def tabs(text: str) -> list[str]:
    return re.findall(r'<button type="button"\s+role="tab"[^>]*>([^<]+)<', text)


def test_who_presses_twice_has_one_instance_and_one_key(cast: Cast) -> None:
    access = enter(cast.owner, "acme", Permission.INSTANCE_CREATE)
    wish = {"name": "twice", "memory_mb": 64, "purpose": "store"}
    for _ in range(2):
        services.create_instance(actor(cast.owner), access, wish)
    client = browser(cast.owner)
    for _ in range(2):
        client.post(START, {"name": "sessions"})
    assert (Instance.objects.count(), ApiKey.objects.count()) == (1, 1)
    client.post(START, {"another": "yes"})
    assert ApiKey.objects.count() == 2


def test_name_that_is_missing_is_said_beside_the_field(cast: Cast) -> None:
    answer = browser(cast.owner).post(START, {"name": " "})
    assert answer.status_code == 422
    assert "Give the instance a name" in answer.text
    assert not ApiKey.objects.exists()


def test_full_quota_is_said_and_makes_no_key(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(instances_limit=0)
    answer = browser(cast.owner).post(START, {"name": "sessions"})
    assert answer.status_code == 422
    assert "you have reached your limit of 0 instances" in answer.text
    assert not ApiKey.objects.exists()


def test_key_that_is_refused_leaves_the_instance_and_says_why(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(api_keys_limit=0)
    answer = browser(cast.owner).post(START, {"name": "sessions"})
    assert answer.status_code == 422
    assert "The key was not made" in answer.text
    assert "Create the key" in answer.text
    assert Instance.objects.count() == 1


def test_instance_without_a_key_gets_one(cast: Cast) -> None:
    make_instance(cast.acme)
    client = browser(cast.owner)
    assert "Create the key" in page(client)
    client.post(START)
    assert (Instance.objects.count(), ApiKey.objects.count()) == (1, 1)


def test_who_may_only_look_is_told_whom_to_ask(cast: Cast) -> None:
    assert "Ask a developer, admin or owner" in page(browser(cast.viewer))
    make_instance(cast.acme)
    assert "Ask a developer, admin or owner" in page(browser(cast.viewer))


def test_way_that_was_left_waits_for_the_command(cast: Cast) -> None:
    make_instance(cast.acme)
    make_key(cast.owner, cast.acme)
    shown = page(browser(cast.owner))
    assert "Waiting for your first command" in shown
    assert "Make another key" in shown
    assert "console in the browser" in shown


@pytest.mark.parametrize("path", [START, f"{START}news/"])
def test_first_command_ends_the_way_with_its_duration(cast: Cast, path: str) -> None:
    make_instance(cast.acme)
    make_key(cast.owner, cast.acme)
    joined_at = cast.owner.date_joined
    first_command.note({cast.acme.pk: joined_at + timedelta(seconds=102)})
    shown = page(browser(cast.owner), path)
    assert "It works." in shown
    assert "1 min 42 s after you signed up" in shown
    for place in ("Connect your app", "Look at your data", "Invite your team"):
        assert place in shown


def test_who_signed_up_long_before_reads_of_the_organization(cast: Cast) -> None:
    make_instance(cast.acme)
    type(cast.owner).objects.update(date_joined=timezone.now() - timedelta(days=9))
    made_at = Organization.objects.get(pk=cast.acme.pk).created_at
    first_command.note({cast.acme.pk: made_at + timedelta(hours=3, minutes=5)})
    assert "3 h 5 min after Acme was made" in page(browser(cast.owner))


def test_page_about_a_key_that_ended_goes_on_without_it(cast: Cast) -> None:
    make_instance(cast.acme)
    key, _ = make_key(cast.owner, cast.acme)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert "Create the key" in page(browser(cast.owner), f"{START}{key.pk}/")

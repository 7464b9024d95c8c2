"""The pages that show one key and change it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apikeys import rotation, usage
from apikeys.models import ApiKey
from apikeys.usage import Amounts, Secret, Slot
from apikeys.verification import KeyRefused, verify
from tests.apikeys.rows import make_key
from tests.apikeys.test_pages import token_in
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.rows import add_instance

DAY = timedelta(days=1)
FORM = {"name": "Shop", "scope": "write", "reach": "all", "lifetime": "never", "rate_limit": 100}


def page(key: ApiKey, part: str = "") -> str:
    return f"/orgs/acme/api-keys/{key.pk}/{part}"


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_page_of_a_key_says_what_it_may_and_who_used_it(cast: Cast) -> None:
    instance = add_instance(cast.acme, "Sessions")
    key, token = make_key(cast.owner, cast.acme, networks=["203.0.113.0/24"], key_patterns=["a:*"])
    text = text_of(browser(cast.viewer), page(key))
    for words in ("203.0.113.0/24", "a:*", "No access", "Never expires", instance.name):
        assert words in text
    assert token not in text
    assert "/edit/" not in text
    assert "/edit/" in text_of(browser(cast.developer), page(key))


def test_list_asks_as_often_for_two_keys_as_for_one(cast: Cast) -> None:
    client = browser(cast.owner)
    counts = []
    for _ in range(2):
        make_key(cast.owner, cast.acme)
        with CaptureQueriesContext(connection) as captured:
            client.get("/orgs/acme/api-keys/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_search_finds_names_and_ends_of_secrets(cast: Cast) -> None:
    shop, _ = make_key(cast.owner, cast.acme, name="Web shop")
    make_key(cast.owner, cast.acme, name="Reports")
    client = browser(cast.viewer)
    for words in ("web", shop.hint[-6:], shop.prefix):
        text = client.get("/orgs/acme/api-keys/", {"search": words}).content.decode()
        assert "Web shop" in text
        assert "Reports" not in text
    assert "No key fits" in client.get("/orgs/acme/api-keys/?search=zzz").content.decode()


def test_nothing_but_what_was_touched_changes(cast: Cast) -> None:
    ends_at = timezone.now() + 30 * DAY
    key, token = make_key(cast.owner, cast.acme, scopes=["read", "write"], expires_at=ends_at)
    form = {**FORM, "lifetime": "keep", "networks": "10.0.0.0/8\n\n2001:db8::1"}
    answer = browser(cast.developer).post(page(key, "edit/"), form)
    assert (answer.status_code, answer["Location"]) == (302, page(key))
    key.refresh_from_db()
    assert (key.name, key.scopes, key.expires_at) == ("Shop", ["read", "write"], ends_at)
    assert key.allowed_networks == ("10.0.0.0/8", "2001:db8::1/128")
    assert key.is_quiet
    assert verify(token).networks == key.allowed_networks


def test_bad_change_is_said_in_the_form(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    answer = browser(cast.owner).post(page(key, "edit/"), {**FORM, "networks": "10.0.0.1/8"})
    assert answer.status_code == 422
    assert "Did you mean 10.0.0.0/8?" in answer.content.decode()
    key.refresh_from_db()
    assert key.name == "Web shop"


def test_new_secret_is_shown_once_and_a_second_press_makes_no_third(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    client = browser(cast.developer)
    wish = {"grace": 86400, "seen": key.hint}
    answer = client.post(page(key, "rotate/"), wish, follow=True)
    token = token_in(answer.content.decode())
    assert "The new secret is ready" in answer.content.decode()
    assert verify(token).key_id == verify(former).key_id
    again = client.post(page(key, "rotate/"), wish)
    assert again.status_code == 409
    assert "rotated a moment ago" in again.content.decode()
    assert verify(token)


def test_page_shows_who_still_uses_the_former_secret_and_ends_it(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    rotation.rotate(actor(cast.owner), key, grace=DAY)
    used = Secret(key.pk, key.former_hint or "", "198.51.100.7", "elder/1")
    slot = Slot(key.pk, key.pk, timezone.now().replace(minute=0, second=0, microsecond=0))
    usage.write({slot: Amounts(3)}, {}, {used: timezone.now()})
    client = browser(cast.developer)
    text = text_of(client, page(key))
    for words in ("Two secrets work", "198.51.100.7", "elder/1", "Not used over HTTP yet."):
        assert words in text
    assert client.post(page(key, "end-former-secret/")).status_code == 302
    assert "Two secrets work" not in text_of(client, page(key))
    with pytest.raises(KeyRefused):
        verify(former)


@pytest.mark.parametrize("wanted", ["24h", "7d", "30d", "90d"])
def test_usage_adds_up_alike_in_page_and_api(cast: Cast, wanted: str) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    slots = {Slot(key.pk, key.pk, now - n * timedelta(hours=1)): Amounts(n + 1) for n in range(3)}
    usage.write(slots, {})
    client = browser(cast.viewer)
    url = f"/api/organizations/{cast.acme.pk}/api-keys/{key.pk}/usage"
    body = client.get(url, {"range": wanted}).json()
    values = {each["name"]: each["values"] for each in body["series"]}
    assert sum(values["requests"]) == body["totals"]["requests"]
    assert len(values["requests"]) == len(body["times"])
    assert body["to"] - body["from"] == len(body["times"]) * body["step"]
    assert body["totals"]["requests"] == 6
    table = text_of(client, page(key) + f"?range={wanted}&view=table")
    assert f"Usage of the last {'24 hours' if wanted == '24h' else wanted[:-1] + ' days'}" in table
    assert client.get(url, {"range": "1y"}).status_code == 400


def test_command_is_judged_without_script_too(cast: Cast) -> None:
    instance = add_instance(cast.acme, "Sessions")
    other = add_instance(cast.acme, "Other")
    key, _ = make_key(cast.owner, cast.acme, instances=[instance.pk])
    client = browser(cast.viewer)
    asked = {"command": "SET a 1", "instance": other.pk}
    text = client.post(page(key, "simulate/"), asked).content.decode()
    assert "Other isn&#x27;t among the instances" in text
    text = client.post(page(key, "simulate/"), {**asked, "instance": instance.pk}).content.decode()
    assert "Start it first" in text
    bad = client.post(page(key, "simulate/"), {**asked, "command": 'SET "a'})
    assert (bad.status_code, "a quote is not closed" in bad.content.decode()) == (422, True)
    foreign = add_instance(cast.globex)
    assert client.post(page(key, "simulate/"), {**asked, "instance": foreign.pk}).status_code == 422

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apikeys import services
from apikeys.models import ApiKey
from apikeys.verification import verify
from instances.models import Instance
from instances.states import Wish
from quotas.models import InstanceQuota
from redisgate.lib import shown_once
from tests.apikeys.rows import make_key
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.quotas.rows import add_key, limit
from tests.rows import add_instance

LIST = "/orgs/acme/api-keys/"
NEW = "/orgs/acme/api-keys/new/"
GOOD = {
    "name": "Web shop",
    "scope": "write",
    "reach": "all",
    "lifetime": "never",
    "rate_limit": 100,
}
HTMX = {"HX-Request": "true"}


def token_in(page: str) -> str:
    found = re.search(r'value="(rg_[^"]+\.[^"]+)"', page)
    assert found is not None
    return found[1]


def test_new_key_is_shown_on_one_page_once(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    client = browser(cast.developer)
    answer = client.post(NEW, GOOD, follow=True)
    token = token_in(answer.content.decode())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert verify(token).organization_id == cast.acme.id
    assert f"/redis/{instance.id}/set/greeting/hello" in answer.content.decode()
    assert token not in client.get(LIST).content.decode()
    assert not any(token in str(session.get_decoded()) for session in Session.objects.all())


def test_page_of_a_new_key_shows_it_no_second_time(cast: Cast) -> None:
    client = browser(cast.developer)
    page = client.post(NEW, GOOD)["Location"]
    assert verify(token_in(client.get(page).content.decode()))
    again = client.get(page)
    assert again.status_code == 200
    assert "This key was shown once" in again.content.decode()
    assert ApiKey.objects.count() == 1


def test_token_travels_encrypted_and_to_its_own_page(cast: Cast) -> None:
    client = browser(cast.developer)
    cookie = client.post(NEW, GOOD).cookies[shown_once.COOKIE]
    key = ApiKey.objects.get()
    assert (cookie["path"], cookie["httponly"]) == (f"{LIST}{key.id}/created/", True)
    assert "rg_" not in cookie.value
    other, _ = make_key(cast.owner, cast.acme)
    assert "was shown once" in client.get(f"{LIST}{other.id}/created/").content.decode()


def test_damaged_cookie_shows_nothing(cast: Cast) -> None:
    client = browser(cast.developer)
    key, _ = make_key(cast.owner, cast.acme)
    client.cookies[shown_once.COOKIE] = "é x"
    assert "was shown once" in client.get(f"{LIST}{key.id}/created/").content.decode()


def test_htmx_gets_the_part_and_not_the_page(cast: Cast) -> None:
    client = browser(cast.owner)
    made = client.post(NEW, GOOD, headers=HTMX, follow=True).content.decode()
    refused = client.post(NEW, {**GOOD, "name": ""}, headers=HTMX)
    assert verify(token_in(made))
    assert refused.status_code == 422
    for part in (made, refused.content.decode()):
        assert 'id="new-key"' in part
        assert "<html" not in part


def test_key_without_an_instance_leads_to_the_first_one(cast: Cast) -> None:
    made = browser(cast.owner).post(NEW, GOOD, follow=True)
    assert "Now you need an instance" in made.content.decode()


def test_form_keeps_every_wish(cast: Cast) -> None:
    chosen, _ = add_instance(cast.acme, "a"), add_instance(cast.acme, "b")
    wish = {
        **GOOD,
        "scope": "read",
        "reach": "chosen",
        "instances": [str(chosen.id)],
        "lifetime": "7",
        "rate_limit": 5,
        "key_patterns": "cache:*\r\n\r\n  user:* ",
    }
    assert browser(cast.owner).post(NEW, wish).status_code == 302
    key = ApiKey.objects.get()
    assert (key.scopes, key.rate_limit) == (["read"], 5)
    assert key.key_patterns == ["cache:*", "user:*"]
    assert list(key.instances.all()) == [chosen]
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


def test_form_says_that_writing_includes_removing_everything(cast: Cast) -> None:
    text = browser(cast.developer).get(NEW).content.decode()
    assert "FLUSHDB and FLUSHALL included" in text


def test_key_works_through_its_last_day(cast: Cast) -> None:
    wish = {**GOOD, "lifetime": "day", "last_day": "2999-12-31"}
    assert browser(cast.owner).post(NEW, wish).status_code == 302
    expires_at = ApiKey.objects.get().expires_at
    assert expires_at is not None
    assert expires_at.isoformat() == "3000-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Give the key a name"),
        ({"name": "a\nb"}, "line breaks"),
        ({"scope": "root"}, "Select a valid choice"),
        ({"reach": "chosen"}, "at least one instance"),
        ({"reach": "chosen", "instances": [str(uuid4())]}, "not one of the available choices"),
        ({"reach": "chosen", "instances": ["x"]}, "not a valid"),
        ({"lifetime": "day"}, "Choose the last day"),
        ({"last_day": "2999-01-01"}, "You chose a last day"),
        ({"lifetime": "day", "last_day": "2001-01-01"}, "This moment has passed"),
        ({"lifetime": "day", "last_day": "9999-12-31"}, "before the year 3000"),
        ({"lifetime": "day", "last_day": "soon"}, "Enter a valid date"),
        ({"rate_limit": 0}, "greater than or equal to 1"),
        ({"key_patterns": "a b"}, "“a b” can&#x27;t be used"),
    ],
)
def test_bad_input_is_said_in_the_form_and_nothing_is_lost(
    cast: Cast, change: dict[str, object], words: str
) -> None:
    answer = browser(cast.owner).post(NEW, {**GOOD, "name": "Kept name", **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    if "name" not in change:
        assert 'value="Kept name"' in page
    assert not ApiKey.objects.exists()


def test_ticked_instance_never_becomes_a_key_for_all(cast: Cast) -> None:
    ticked = {"reach": "all", "instances": [str(add_instance(cast.acme).id)]}
    answer = browser(cast.owner).post(NEW, {**GOOD, **ticked})
    assert "You ticked instances" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_limit_is_said_above_the_form(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(api_keys_limit=0)
    answer = browser(cast.owner).post(NEW, GOOD)
    assert answer.status_code == 422
    assert "ask your operator to raise the limit" in answer.content.decode()


def test_instance_page_can_choose_its_instance_beforehand(cast: Cast) -> None:
    instance = add_instance(cast.acme, "cache")
    page = browser(cast.owner).get(f"{NEW}?instance=cache").content.decode()
    ticked = re.findall(r"<input[^>]*\bchecked\b[^>]*>", page)
    assert any(f'value="{instance.id}"' in box for box in ticked)
    assert any('value="chosen"' in box for box in ticked)
    assert browser(cast.owner).get(f"{NEW}?instance=nope").status_code == 200


def test_instance_that_goes_away_is_no_choice(cast: Cast) -> None:
    add_instance(cast.globex, "foreign")
    add_instance(cast.acme, "leaving")
    Instance.objects.filter(slug="leaving").update(wish=Wish.DELETED)
    page = browser(cast.owner).get(NEW).content.decode()
    assert "Leaving" not in page
    assert "Foreign" not in page


def test_list_teaches_when_it_is_empty(cast: Cast) -> None:
    assert "Give your program a key" in browser(cast.owner).get(LIST).content.decode()
    assert "Your role lets you see keys" in browser(cast.viewer).get(LIST).content.decode()


def test_list_costs_the_same_for_one_key_and_for_many(cast: Cast) -> None:
    client = browser(cast.viewer)
    chosen = [add_instance(cast.acme, slug).id for slug in ("a", "b", "c", "d")]

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    make_key(cast.owner, cast.acme, instances=chosen)
    one = queries()
    for _ in range(4):
        make_key(cast.owner, cast.acme, instances=chosen)
    assert queries() == one


def test_keys_are_listed_page_by_page(cast: Cast) -> None:
    client = browser(cast.viewer)
    limit(cast.acme, api_keys_limit=60)
    for _ in range(60):
        add_key(cast.acme)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    first, last = client.get(LIST).content.decode(), client.get(f"{LIST}?page=3").content.decode()
    assert "1 to 25 of 60" in first
    assert "51 to 60 of 60" in last
    assert 'rel="next"' not in last
    assert first.count('<tr id="key-') == 25
    found = client.get(f"{LIST}?search=key&page=2").content.decode()
    assert "?page=3&amp;search=key" in found
    assert queries(LIST) == queries(f"{LIST}?page=3")


def test_revoking_with_htmx_stays_on_the_page(cast: Cast) -> None:
    limit(cast.acme, api_keys_limit=30)
    for _ in range(30):
        key = add_key(cast.acme)
    here = {**HTMX, "HX-Current-URL": f"http://testserver{LIST}?page=2"}
    answer = browser(cast.developer).post(f"{LIST}{key.id}/revoke/", headers=here)
    assert "26 to 29 of 29" in answer.content.decode()


def test_revoked_keys_have_a_list_of_their_own(cast: Cast) -> None:
    client = browser(cast.viewer)
    gone, _ = make_key(cast.owner, cast.acme, name="Gone shop")
    services.revoke(actor(cast.owner), gone)
    assert "Gone shop" not in client.get(LIST).content.decode()
    assert "Gone shop" in client.get(f"{LIST}?show=revoked").content.decode()


def test_revoking_without_script_asks_first(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    client = browser(cast.developer)
    url = f"{LIST}{key.id}/revoke/"
    assert "Revoke this key?" in client.get(url).content.decode()
    assert ApiKey.objects.get().is_active
    answer = client.post(url)
    assert answer.status_code == 302
    assert answer["Location"] == LIST
    assert any("is revoked" in str(message) for message in get_messages(answer.wsgi_request))
    assert not ApiKey.objects.get().is_active


def test_revoking_with_htmx_swaps_the_list_and_says_so(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    answer = browser(cast.developer).post(f"{LIST}{key.id}/revoke/", headers=HTMX)
    assert answer["HX-Retarget"] == "#keys"
    assert "is revoked" in answer["HX-Trigger"]
    assert "<html" not in answer.content.decode()


def test_viewer_sees_keys_and_no_buttons(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme, name="Web shop")
    client = browser(cast.viewer)
    page = client.get(LIST).content.decode()
    assert "Web shop" in page
    assert NEW not in page
    assert "revoke/" not in page
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, GOOD).status_code == 403
    assert client.post(f"{LIST}{key.id}/revoke/").status_code == 403


def test_outsider_finds_nothing_and_anonymous_logs_in(cast: Cast) -> None:
    foreign, _ = make_key(cast.outsider, cast.globex)
    assert browser(cast.outsider).get(LIST).status_code == 404
    assert browser(cast.outsider).post(NEW, GOOD).status_code == 404
    assert browser(cast.owner).post(f"{LIST}{foreign.id}/revoke/").status_code == 404
    assert Client().get(LIST)["Location"].startswith("/accounts/login/")


def test_name_is_never_markup(cast: Cast) -> None:
    make_key(cast.owner, cast.acme, name="<script>alert(1)</script>")
    assert "<script>alert" not in browser(cast.owner).get(LIST).content.decode()


def test_forms_need_the_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    assert client.post(NEW, GOOD).status_code == 403

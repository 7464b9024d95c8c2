"""Usage as people and programs see it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apikeys import usage
from apikeys.models import ApiKey
from apikeys.usage import Amounts, LastUse, Slot
from tests.apikeys.rows import make_key
from tests.clients import browser, program
from tests.conftest import Cast

HERE, THERE = uuid4(), uuid4()


@pytest.fixture
def key(cast: Cast) -> ApiKey:
    return make_key(cast.owner, cast.acme)[0]


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def use(key: ApiKey, *, hours_ago: int = 0, amounts: Amounts | None = None) -> None:
    hour = this_hour() - timedelta(hours=hours_ago)
    place = THERE if hours_ago else HERE
    usage.write({Slot(key.pk, place, hour): amounts or Amounts(1, 2, 1, 30, 40)}, {})


def url(cast: Cast, key: ApiKey, query: str = "") -> str:
    return f"/api/organizations/{cast.acme.id}/api-keys/{key.pk}/usage{query}"


def test_usage_is_told_as_a_whole_by_instance_and_by_hour(cast: Cast, key: ApiKey) -> None:
    use(key)
    use(key, hours_ago=3)
    use(key, hours_ago=40)
    body = program(cast.viewer).get(url(cast, key)).json()
    one = {"requests": 1, "commands": 2, "errors": 1, "bytes_in": 30, "bytes_out": 40}
    assert body["totals"] == {name: 2 * number for name, number in one.items()}
    assert sorted(each["instance"] for each in body["instances"]) == sorted([str(HERE), str(THERE)])
    hours = [this_hour() - timedelta(hours=3), this_hour()]
    assert body["hours"] == [{"hour": f"{each:%Y-%m-%dT%H:00:00Z}", **one} for each in hours]


def test_how_far_to_look_back_is_the_clients_choice(cast: Cast, key: ApiKey) -> None:
    use(key)
    use(key, hours_ago=40)
    client = program(cast.viewer)
    counted = {
        hours: client.get(url(cast, key, f"?hours={hours}")).json()["totals"]["requests"]
        for hours in (1, 40, 41)
    }
    assert counted == {1: 1, 40: 1, 41: 2}


@pytest.mark.parametrize("hours", ["0", "-1", "2161", "ten", "", "\uff11", "9" * 5000])
def test_a_span_that_cannot_be_is_refused_in_words(cast: Cast, key: ApiKey, hours: str) -> None:
    answer = program(cast.viewer).get(url(cast, key, f"?hours={hours}"))
    assert answer.status_code == 400
    assert answer.json()["detail"] == "hours must be a whole number from 1 to 2160."


def test_a_key_without_use_has_zeros(cast: Cast, key: ApiKey) -> None:
    body = program(cast.viewer).get(url(cast, key)).json()
    assert (body["totals"]["commands"], body["instances"], body["hours"]) == (0, [], [])


def test_a_program_sees_who_used_the_key_last(cast: Cast, key: ApiKey) -> None:
    path = f"/api/organizations/{cast.acme.id}/api-keys/{key.pk}"
    fresh = program(cast.viewer).get(path).json()
    assert (fresh["last_used_at"], fresh["last_used_from"], fresh["last_used_with"]) == (None,) * 3
    usage.write({}, {key.pk: LastUse(timezone.now(), "192.0.2.1", "curl/8")})
    used = program(cast.viewer).get(path).json()
    assert (used["last_used_from"], used["last_used_with"]) == ("192.0.2.1", "curl/8")


def test_the_list_shows_last_use_and_totals(cast: Cast, key: ApiKey) -> None:
    usage.write({}, {key.pk: LastUse(timezone.now(), "192.0.2.1", "@upstash/redis@1.39 <b>")})
    use(key, amounts=Amounts(1200, 34567, 1, 0, 0))
    use(key, hours_ago=31 * 24)
    page = browser(cast.viewer).get(f"/orgs/{cast.acme.slug}/api-keys/").content.decode()
    for words in ("from 192.0.2.1", "@upstash/redis@1.39 &lt;b&gt;", "34,567", "1,200 requests"):
        assert words in page
    assert "1 error<" in page


def test_the_list_takes_as_many_queries_for_many_keys(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, path = browser(cast.viewer), f"/orgs/{cast.acme.slug}/api-keys/"
    client.get(path)
    for number in range(5):
        use(make_key(cast.owner, cast.acme, name=f"key {number}")[0])
    with django_assert_max_num_queries(10):
        assert client.get(path).status_code == 200

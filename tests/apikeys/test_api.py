from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from apikeys import services
from apikeys.models import ApiKey
from apikeys.verification import verify
from tests.apikeys.rows import make_key
from tests.clients import program
from tests.conftest import Cast, actor
from tests.rows import add_instance

GOOD: dict[str, Any] = {"name": "Web shop", "scopes": ["read", "write"], "instances": None}


def keys_url(cast: Cast) -> str:
    return f"/api/organizations/{cast.acme.id}/api-keys"


def test_developer_makes_a_key_and_sees_it_once(cast: Cast) -> None:
    client = program(cast.developer)
    made = client.post(keys_url(cast), GOOD)
    assert made.status_code == 201
    body = made.json()
    assert verify(body["key"]).organization_id == cast.acme.id
    assert body["scopes"] == ["read", "write"]
    assert body["instances"] is None
    assert (body["rate_limit"], body["status"], body["created_by"]) == (100, "active", "dora")
    assert made["Cache-Control"] == "no-store"
    again = client.get(f"{keys_url(cast)}/{body['id']}")
    assert again.json() == {name: value for name, value in body.items() if name != "key"}


def test_key_with_every_wish_keeps_them(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    wish = {
        "name": "Reports",
        "scopes": ["read"],
        "instances": [str(instance.id)],
        "key_patterns": ["report:*"],
        "expires_at": "2999-01-01T00:00:00Z",
        "rate_limit": 5,
    }
    body = program(cast.owner).post(keys_url(cast), wish).json()
    assert {name: body[name] for name in wish} == wish


def test_no_answer_shows_the_fingerprint(cast: Cast) -> None:
    client = program(cast.owner)
    body = client.post(keys_url(cast), GOOD).json()
    key = ApiKey.objects.get(pk=body["id"])
    for answer in (client.get(keys_url(cast)), client.get(f"{keys_url(cast)}/{key.pk}")):
        assert key.fingerprint not in answer.content.decode()
        assert body["key"] not in answer.content.decode()


def test_list_is_paged_newest_first_with_constant_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = [make_key(cast.owner, cast.acme, name=name)[0] for name in ("one", "two", "three")]
    make_key(cast.outsider, cast.globex)
    with django_assert_max_num_queries(5):
        body = program(cast.viewer).get(keys_url(cast)).json()
    assert body["count"] == 3
    assert [row["name"] for row in body["results"]] == [key.name for key in reversed(made)]


def test_list_is_filtered_by_status_and_ordered(cast: Cast) -> None:
    client = program(cast.owner)
    for name in ("b", "a"):
        make_key(cast.owner, cast.acme, name=name)
    revoked, _ = make_key(cast.owner, cast.acme, name="gone")
    services.revoke(actor(cast.owner), revoked)

    def listed(query: str) -> list[str]:
        return [row["name"] for row in client.get(f"{keys_url(cast)}?{query}").json()["results"]]

    assert listed("status=active&ordering=name") == ["a", "b"]
    assert listed("status=revoked") == ["gone"]
    assert listed("status=expired") == []
    assert client.get(f"{keys_url(cast)}?status=dead").status_code == 400


@pytest.mark.parametrize("revoke", ["delete", "post"])
def test_revoked_key_is_dead_and_stays_listed(cast: Cast, revoke: str) -> None:
    client = program(cast.developer)
    key, _ = make_key(cast.owner, cast.acme)
    url = f"{keys_url(cast)}/{key.pk}"
    answer = client.delete(url) if revoke == "delete" else client.post(f"{url}/revoke")
    assert answer.status_code == (204 if revoke == "delete" else 200)
    assert client.get(url).json()["status"] == "revoked"
    assert client.delete(url).status_code == 204


def test_viewer_may_look_and_not_touch(cast: Cast) -> None:
    client = program(cast.viewer)
    key, _ = make_key(cast.owner, cast.acme)
    assert client.get(f"{keys_url(cast)}/{key.pk}").status_code == 200
    assert client.post(keys_url(cast), GOOD).status_code == 403
    assert client.delete(f"{keys_url(cast)}/{key.pk}").status_code == 403
    assert client.post(f"{keys_url(cast)}/{key.pk}/revoke").status_code == 403


def test_foreign_key_answers_like_one_that_never_was(cast: Cast) -> None:
    foreign, _ = make_key(cast.outsider, cast.globex)
    client = program(cast.owner)
    for method in (client.get, client.delete):
        answers = [method(f"{keys_url(cast)}/{pk}") for pk in (foreign.pk, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert ApiKey.objects.get(pk=foreign.pk).is_active


def test_outsider_and_anonymous_find_nothing(cast: Cast) -> None:
    assert program(cast.outsider).get(keys_url(cast)).status_code == 404
    assert program(cast.outsider).post(keys_url(cast), GOOD).status_code == 404
    assert APIClient().get(keys_url(cast)).status_code == 401


def test_other_methods_are_refused(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    client = program(cast.owner)
    assert client.put(keys_url(cast), GOOD).status_code == 405
    assert client.patch(f"{keys_url(cast)}/{key.pk}/usage", {}).status_code == 405
    assert client.get(f"{keys_url(cast)}/{key.pk}/revoke").status_code == 405


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"scopes": "read"}, "scopes"),
        ({"instances": []}, "instances"),
        ({"instances": ["x"]}, "instances"),
        ({"instances": [str(uuid4())]}, "instances"),
        ({"key_patterns": ["a b"]}, "key_patterns"),
        ({"key_patterns": None}, "key_patterns"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"rate_limit": 0}, "rate_limit"),
        ({"rate_limit": 10**400}, "rate_limit"),
        ({"expire_at": "2999-01-01T00:00:00Z"}, "expire_at"),
    ],
)
def test_bad_input_names_the_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    answer = program(cast.owner).post(keys_url(cast), {**GOOD, **change})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert field in answer.json()["errors"]
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("body", ["", "null", "[]", '"x"', "{", "[[]]"])
def test_body_that_is_no_object_is_refused(cast: Cast, body: str) -> None:
    answer = program(cast.owner).post(keys_url(cast), body, content_type="application/json")
    assert answer.status_code == 400


def test_no_field_of_the_model_can_be_slipped_in(cast: Cast) -> None:
    client = program(cast.owner)
    allowed = {
        *("name", "scopes", "instances", "key_patterns", "expires_at", "rate_limit"),
        "networks",
    }
    fields = {field.name for field in ApiKey._meta.get_fields()}
    columns = {getattr(field, "attname", field.name) for field in ApiKey._meta.get_fields()}
    for name in (fields | columns) - allowed:
        answer = client.post(keys_url(cast), {**GOOD, name: "x"})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [name]
    assert not ApiKey.objects.exists()


def test_session_needs_the_csrf_token(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    assert client.post(keys_url(cast), GOOD).status_code == 403


def test_expired_key_says_so(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(days=1))
    body = program(cast.viewer).get(f"{keys_url(cast)}/{key.pk}").json()
    assert body["status"] == "expired"

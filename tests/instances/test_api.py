"""Instances in the management API."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from instances.models import Instance
from instances.states import Status, Wish
from tests.clients import program
from tests.conftest import Cast
from tests.instances.test_services import make

GOOD: dict[str, Any] = {"name": "My cache", "memory_mb": 64, "purpose": "cache"}


def url(cast: Cast, rest: str = "") -> str:
    return f"/api/organizations/{cast.acme.id}/instances{rest}"


def test_developer_makes_an_instance(cast: Cast) -> None:
    answer = program(cast.developer).post(url(cast), GOOD)
    body = answer.json()
    made = Instance.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == url(cast, f"/{made.pk}")
    assert body["id"] == str(made.pk)
    assert (body["name"], body["slug"], body["status"]) == ("My cache", "my-cache", "pending")
    assert body["health"] == "unknown"
    assert body["url"].endswith(f"/redis/{made.pk}")
    assert body["redis_url"] == f"redis://default:{made.password}@{body['host']}:{made.port}/0"
    assert made.admin_password not in answer.content.decode()


def test_viewer_sees_no_password(cast: Cast) -> None:
    instance, client = make(cast), program(cast.viewer)
    for answer in (client.get(url(cast)), client.get(url(cast, f"/{instance.pk}"))):
        assert answer.status_code == 200
        assert instance.password not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert client.get(url(cast, f"/{instance.pk}")).json()["redis_url"] is None


@pytest.mark.parametrize("field", ["password", "port", "status", "organization", "expire_at"])
def test_what_cannot_be_wished_is_refused_by_name(cast: Cast, field: str) -> None:
    answer = program(cast.developer).post(url(cast), {**GOOD, field: "1"})
    assert answer.status_code == 400
    words = "What can be set: name, memory_mb, purpose, slug, expires_at."
    assert answer.json()["errors"] == {field: [f"This can't be set here. {words}"]}
    assert not Instance.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"memory_mb": "much"}, "memory_mb"),
        ({"memory_mb": 1}, "memory_mb"),
        ({"purpose": "queue"}, "purpose"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"slug": "A B"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "example"}, "slug"),
    ],
)
def test_bad_input_names_its_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    answer = program(cast.developer).post(url(cast), {**GOOD, **change})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{", ""])
def test_body_that_is_no_object_is_refused(cast: Cast, body: str) -> None:
    answer = program(cast.developer).post(url(cast), body, content_type="application/json")
    assert answer.status_code == 400


def test_name_in_use_is_a_conflict(cast: Cast) -> None:
    make(cast)
    answer = program(cast.developer).post(url(cast), GOOD)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_list_is_paged_narrowed_and_ordered(cast: Cast) -> None:
    for name in ("alpha", "beta", "gamma"):
        make(cast, name)
    Instance.objects.filter(name="beta").update(status=Status.RUNNING)
    client = program(cast.viewer)

    def names(query: str) -> list[str]:
        return [each["name"] for each in client.get(url(cast, query)).json()["results"]]

    assert client.get(url(cast)).json()["count"] == 3
    assert names("") == ["alpha", "beta", "gamma"]
    assert names("?ordering=-name") == ["gamma", "beta", "alpha"]
    assert names("?status=running") == ["beta"]
    assert names("?name=LPH") == ["alpha"]
    assert names("?name=%00") == []
    assert client.get(url(cast, "?status=asleep")).status_code == 400
    assert client.get(url(cast, "?cursor=9")).status_code == 400


def test_list_takes_as_many_queries_for_many_as_for_one(cast: Cast) -> None:
    client = program(cast.developer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(url(cast)).status_code == 200
        return len(captured)

    make(cast, "one")
    for_one = queries()
    for number in range(4):
        make(cast, f"number {number}")
    assert queries() == for_one <= 4


@pytest.mark.parametrize(
    ("action", "wish"), [("stop", Wish.STOPPED), ("start", Wish.RUNNING), ("restart", Wish.RUNNING)]
)
def test_actions_are_accepted_and_answer_the_instance(cast: Cast, action: str, wish: str) -> None:
    instance = make(cast)
    answer = program(cast.developer).post(url(cast, f"/{instance.pk}/{action}"))
    assert answer.status_code == 202
    assert (answer.json()["id"], answer.json()["wish"]) == (str(instance.pk), wish)


def test_deletion_is_accepted_twice_and_ends_other_actions(cast: Cast) -> None:
    instance, client = make(cast), program(cast.developer)
    for _ in range(2):
        assert client.delete(url(cast, f"/{instance.pk}")).status_code == 204
    answer = client.post(url(cast, f"/{instance.pk}/start"))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("method", "rest"),
    [("delete", ""), ("post", "/start"), ("post", "/stop"), ("post", "/restart")],
)
def test_viewer_changes_nothing(cast: Cast, method: str, rest: str) -> None:
    instance = make(cast)
    answer = getattr(program(cast.viewer), method)(url(cast, f"/{instance.pk}{rest}"))
    assert answer.status_code == 403
    instance.refresh_from_db()
    assert (instance.wish, instance.restart_wish) == (Wish.RUNNING, 0)


def test_foreign_instance_answers_like_one_that_never_was(cast: Cast) -> None:
    mine = make(cast)
    client = program(cast.outsider)
    theirs = f"/api/organizations/{cast.globex.id}/instances"
    foreign, unknown = client.get(f"{theirs}/{mine.pk}"), client.get(f"{theirs}/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_wrong_method_and_no_login_are_refused(cast: Cast) -> None:
    instance = make(cast)
    assert program(cast.owner).get(url(cast, f"/{instance.pk}/start")).status_code == 405
    assert APIClient().get(url(cast)).status_code == 401

"""Changes of instances in the management API."""

from typing import Any
from uuid import uuid4

import pytest

from audit.models import AuditEvent
from instances import services
from instances.models import Instance
from instances.states import Status, Wish
from tests.clients import program
from tests.conftest import Cast, actor
from tests.instances.test_api import url
from tests.instances.test_services import make


def patch(cast: Cast, instance: Instance, **body: Any) -> Any:
    return program(cast.developer).patch(url(cast, f"/{instance.pk}"), body)


def test_change_of_the_server_is_under_way_when_it_answers(cast: Cast) -> None:
    answer = patch(cast, make(cast), memory_mb=128, eviction_policy="noeviction")
    assert answer.status_code == 202
    body = answer.json()
    assert (body["memory_mb"], body["eviction_policy"]) == (128, "noeviction")
    assert (body["settings_status"], body["settings_detail"]) == ("waiting", "")


def test_change_of_the_row_alone_is_done_when_it_answers(cast: Cast) -> None:
    instance = make(cast)
    answer = patch(cast, instance, name="Carts", expires_at="2099-01-31T18:00:00Z")
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["slug"]) == ("Carts", "my-cache")
    assert answer.json()["expires_at"] == "2099-01-31T18:00:00Z"
    assert patch(cast, instance, expires_at=None).json()["expires_at"] is None


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "applying"),
        ({"settings_failures": 2}, "failing"),
        ({"settings_done": 1}, "applied"),
    ],
)
def test_progress_is_told(cast: Cast, facts: dict[str, int], status: str) -> None:
    instance = make(cast)
    Instance.objects.update(status=Status.RUNNING, settings_wish=1, settings_note="Why.", **facts)
    body = program(cast.viewer).get(url(cast, f"/{instance.pk}")).json()
    assert (body["settings_status"], body["settings_detail"]) == (status, "Why.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"memory_mb": 7}, "memory_mb"),
        ({"memory_mb": 10**30}, "memory_mb"),
        ({"memory_mb": None}, "memory_mb"),
        ({"eviction_policy": "lru"}, "eviction_policy"),
        ({"persistence": "disk"}, "persistence"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"password": "mine"}, "password"),
        ({"slug": "other"}, "slug"),
    ],
)
def test_bad_change_is_refused_by_field_and_nothing_is_changed(
    cast: Cast, body: dict[str, Any], field: str
) -> None:
    instance = make(cast)
    answer = patch(cast, instance, **{"persistence": "aof", **body})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert Instance.objects.get().persistence == "none"


def test_refusal_of_one_part_takes_all_back(cast: Cast) -> None:
    make(cast, "Other")
    instance = make(cast)
    answer = patch(cast, instance, name="Carts", memory_mb=60_000)
    assert (answer.status_code, answer.json()["code"]) == (409, "quota_exceeded")
    assert Instance.objects.get(pk=instance.pk).name == "My cache"
    assert not AuditEvent.objects.filter(action="instance.rename").exists()


def test_new_password_is_in_the_answer_and_the_same_request_makes_no_other(cast: Cast) -> None:
    instance, client = make(cast), program(cast.developer)
    body = {"grace_seconds": 3600, "password_version": 1}
    answer = client.post(url(cast, f"/{instance.pk}/rotate-password"), body)
    made = Instance.objects.get().password
    assert answer.status_code == 200
    assert made != instance.password
    assert made in answer.json()["redis_url"]
    assert answer.json()["password_version"] == 2
    assert answer.json()["former_password_until"]
    again = client.post(url(cast, f"/{instance.pk}/rotate-password"), body)
    assert again.json()["redis_url"] == answer.json()["redis_url"]
    assert client.delete(url(cast, f"/{instance.pk}/rotate-password")).status_code == 204
    assert Instance.objects.get().former_password_until is None


def test_unknown_grace_is_refused(cast: Cast) -> None:
    instance = make(cast)
    path = url(cast, f"/{instance.pk}/rotate-password")
    answer = program(cast.developer).post(path, {"grace_seconds": 5})
    assert answer.status_code == 400
    assert "grace_seconds" in answer.json()["errors"]


def test_many_are_stopped_and_each_has_its_result(cast: Cast) -> None:
    one, gone, unknown = make(cast, "one"), make(cast, "gone"), uuid4()
    services.delete(actor(cast.developer), gone)
    ids = [str(one.pk), str(gone.pk), str(unknown)]
    answer = program(cast.developer).post(
        url(cast, "/bulk"), {"action": "stop", "instances": ids}, format="json"
    )
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["id"] for result in results] == ids
    assert [result["is_done"] for result in results] == [True, False, False]
    assert "gone is being deleted" in results[1]["detail"]
    assert results[2]["name"] == ""
    assert Instance.objects.get(pk=one.pk).wish == Wish.STOPPED


@pytest.mark.parametrize(
    "body",
    [
        {"action": "explode", "instances": [str(uuid4())]},
        {"action": "stop", "instances": []},
        {"action": "stop", "instances": ["x"]},
        {"action": "stop", "instances": [str(uuid4())] * 501},
        {"action": "stop"},
    ],
)
def test_nonsense_for_many_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    assert program(cast.developer).post(url(cast, "/bulk"), body).status_code == 400

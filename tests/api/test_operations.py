"""What takes longer than its request can be watched."""

import pytest
from rest_framework.test import APIClient

from instances.models import Instance
from tests.conftest import Cast
from tests.rows import add_instance


def instance_url(cast: Cast, instance: Instance) -> str:
    return f"/api/organizations/{cast.acme.id}/instances/{instance.id}"


def seen(program: APIClient, url: str) -> tuple[str, int, str | None]:
    body = program.get(url).json()
    return body["state"], body["progress"], body["error"]


def test_new_instance_can_be_watched_until_it_runs(cast: Cast, program: APIClient) -> None:
    wish = {"name": "cache", "memory_mb": 8, "purpose": "cache"}
    made = program.post(f"/api/organizations/{cast.acme.id}/instances", wish)
    url = made["Operation-Location"]
    rows = Instance.objects.filter(pk=made.json()["id"])
    assert seen(program, url) == ("waiting", 0, None)
    rows.update(status="creating")
    assert seen(program, url) == ("running", 50, None)
    rows.update(status="error", status_detail="The disk is full.")
    assert seen(program, url) == ("failing", 50, "The disk is full.")
    rows.update(status="running")
    assert seen(program, url) == ("succeeded", 100, None)
    rows.update(wish="stopped")
    assert seen(program, url) == ("superseded", 100, None)


def test_changed_settings_can_be_watched(cast: Cast, program: APIClient) -> None:
    instance = add_instance(cast.acme, "cache")
    changed = program.patch(instance_url(cast, instance), {"memory_mb": 8})
    rows = Instance.objects.filter(pk=instance.pk)
    assert (changed.status_code, seen(program, changed["Operation-Location"])[0]) == (
        202,
        "waiting",
    )
    rows.update(status="running", settings_failures=1, settings_note="It has no room.")
    assert seen(program, changed["Operation-Location"]) == ("failing", 50, "It has no room.")
    rows.update(settings_done=1)
    assert seen(program, changed["Operation-Location"]) == ("succeeded", 100, None)


@pytest.mark.parametrize("action", ["start", "stop", "restart"])
def test_every_action_points_to_its_operation(cast: Cast, program: APIClient, action: str) -> None:
    instance = add_instance(cast.acme, "cache")
    answer = program.post(f"{instance_url(cast, instance)}/{action}")
    operation = program.get(answer["Operation-Location"]).json()
    assert (operation["kind"], operation["instance"]) == (action, str(instance.id))


@pytest.mark.parametrize(
    "rest", ["-start", "-start-x", "-dance-0", "-start-1", "-settings-9", "-start-00"]
)
def test_operation_that_never_was_is_not_found(cast: Cast, program: APIClient, rest: str) -> None:
    instance = add_instance(cast.acme, "cache")
    url = f"/api/organizations/{cast.acme.id}/operations/{instance.id}{rest}"
    assert program.get(url).status_code == 404

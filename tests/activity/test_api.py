import json

import pytest

from audit.actions import Action
from audit.actors import Means
from tests.activity.conftest import Write
from tests.clients import program
from tests.conftest import Cast


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/api/organizations/{cast.acme.id}/audit-events"


def test_event_has_all_that_is_known(cast: Cast, write: Write, path: str) -> None:
    event = write(means=Means.API, before={"name": "a"}, after={"name": "b"})
    listed = program(cast.admin).get(path).json()
    one = program(cast.admin).get(f"{path}/{event.id}").json()
    assert listed["results"][0] == one
    assert one == {
        "sequence": event.sequence,
        "id": str(event.id),
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "actor_id": str(cast.owner.id),
        "actor_label": "olivia@example.com",
        "means": "api",
        "address": "203.0.113.7",
        "request_id": "",
        "action": "instance.rename",
        "object_type": "instance",
        "object_id": str(event.object_id),
        "object_label": "cache",
        "changes": {"before": {"name": "a"}, "after": {"name": "b"}},
        "hash": event.hash,
    }


def test_next_leads_through_all_events(cast: Cast, write: Write, path: str) -> None:
    for number in range(5):
        write(label=str(number))
    client, labels = program(cast.owner), []
    following = f"{path}?limit=2&object_type=instance"
    while following:
        answer = client.get(following).json()
        labels += [event["object_label"] for event in answer["results"]]
        following = answer["next"]
    assert labels == list("43210")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("page=2", "page"),
        ("means=magic", "means"),
        ("since=2030-13-01", "since"),
        ("object=x", "object"),
    ],
)
def test_bad_filter_names_its_field(cast: Cast, path: str, query: str, field: str) -> None:
    answer = program(cast.owner).get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == ("invalid_cursor" if field == "cursor" else "invalid_input")
    assert list(answer.json()["errors"]) == [field]


def test_moments_are_taken_with_and_without_a_zone(cast: Cast, write: Write, path: str) -> None:
    event = write(Action.INSTANCE_STOP)
    client = program(cast.owner)
    for moment in (
        event.at.isoformat(),
        f"{event.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        f"{event.at:%Y-%m-%d}",
    ):
        found = client.get(f"{path}?since={moment}&action=instance.stop").json()["results"]
        assert [each["id"] for each in found] == [str(event.id)]
    assert client.get(f"{path}?until={event.at:%Y-%m-%d}").json()["results"] != []


@pytest.mark.parametrize("headers", [{"Accept": "text/csv"}, {}])
def test_csv_is_asked_for_by_header_or_address(
    cast: Cast, path: str, headers: dict[str, str]
) -> None:
    answer = program(cast.owner).get(path if headers else f"{path}?format=csv", headers=headers)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert b"organization.create" in b"".join(answer)


def test_lines_are_one_event_each(cast: Cast, write: Write, path: str) -> None:
    write()
    lines = b"".join(program(cast.owner).get(f"{path}?format=ndjson")).splitlines()
    assert [json.loads(line)["action"] for line in lines] == [
        "instance.rename",
        "organization.create",
    ]


def test_refused_export_is_a_problem_in_json(cast: Cast, path: str) -> None:
    answer = program(cast.owner).get(f"{path}?format=csv&means=magic")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid_input"

"""Figures in the management API."""

import time

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from instances.models import Instance
from tests.conftest import Cast
from tests.figures.rows import write_last
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return add_instance(cast.acme)


@pytest.fixture
def api(cast: Cast) -> APIClient:
    client = APIClient()
    client.force_authenticate(cast.viewer)
    return client


def url(instance: Instance, what: str = "metrics") -> str:
    return f"/api/organizations/{instance.organization_id}/instances/{instance.pk}/{what}"


def test_each_series_has_a_value_for_each_time(api: APIClient, instance: Instance) -> None:
    write_last(instance, time.time())
    body = api.get(url(instance), {"range": "15m"}).json()
    assert body["step"] == 10
    assert len(body["times"]) == (body["to"] - body["from"]) // 10
    series = {each["name"]: each for each in body["series"]}
    assert {len(each["values"]) for each in series.values()} == {len(body["times"])}
    assert series["operations"]["unit"] == "1/s"
    assert 10.0 in series["operations"]["values"]
    assert series["operations"]["values"][0] is None


def test_a_new_instance_has_times_and_no_values(api: APIClient, instance: Instance) -> None:
    body = api.get(url(instance)).json()
    assert {value for each in body["series"] for value in each["values"]} == {None}


@pytest.mark.parametrize("wanted", ["15m", "1h", "6h", "24h", "7d", "30d", "90d"])
def test_each_range_takes_few_queries(
    api: APIClient,
    instance: Instance,
    django_assert_num_queries: DjangoAssertNumQueries,
    wanted: str,
) -> None:
    write_last(instance, time.time())
    with django_assert_num_queries(3):  # membership, instance, chunks
        assert api.get(url(instance), {"range": wanted}).status_code == 200


def test_commands_of_a_range_are_ranked(api: APIClient, instance: Instance) -> None:
    write_last(instance, time.time(), seconds=60)
    (command,) = api.get(url(instance, "commands"), {"range": "1h"}).json()["commands"]
    assert command == {
        "name": "GET",
        "calls": 700,
        "calls_per_second": 10.0,
        "microseconds_per_call": 5.0,
        "share": 1.0,
    }


@pytest.mark.parametrize("asked", [{"range": "forever"}, {"from": "x"}, {"from": "0"}])
def test_nonsense_is_a_problem_with_a_way_out(
    api: APIClient, instance: Instance, asked: dict[str, str]
) -> None:
    answer = api.get(url(instance), asked)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"


def test_a_server_that_does_not_run_cannot_be_asked(api: APIClient, instance: Instance) -> None:
    answer = api.get(url(instance, "slowlog"))
    assert (answer.status_code, answer.json()["code"]) == (409, "instance_not_running")

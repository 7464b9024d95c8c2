"""Statements as people and programs get them."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from instances.states import Status
from metering.months import Month
from orgs.models import Organization
from tests.clients import browser, program
from tests.conftest import Cast
from tests.metering.rows import at, did, ran
from tests.quotas.rows import add_key
from tests.rows import add_instance


@pytest.fixture
def used(cast: Cast) -> Cast:
    Organization.objects.filter(pk=cast.acme.pk).update(created_at=at("2025-01-15 00:00"))
    cache = ran(cast.acme, "2025-02-03 00:00", "2025-02-03 10:00", name="=cmd()", memory_mb=1024)
    did(add_key(cast.acme), cache, "2025-02-03 01:00", commands=5)
    return cast


def test_program_reads_a_past_month(used: Cast) -> None:
    url = f"/api/organizations/{used.acme.id}/usage"
    body = program(used.viewer).get(f"{url}?month=2025-02").json()
    assert (body["month"], body["begins_at"]) == ("2025-02", "2025-02-01T00:00:00Z")
    assert body["totals"] == {
        "running_hours": 10.0,
        "memory_mb_hours": 10240.0,
        "requests": 5,
        "commands": 5,
        "errors": 1,
        "bytes_in": 50,
        "bytes_out": 500,
    }
    [line] = body["instances"]
    assert (line["name"], line["is_deleted"], line["commands"]) == ("=cmd()", True, 5)


def test_without_a_month_it_is_the_present_one_so_far(used: Cast) -> None:
    body = program(used.viewer).get(f"/api/organizations/{used.acme.id}/usage").json()
    assert body["month"] == str(Month.of(timezone.now()))
    assert body["state"] == "running"


@pytest.mark.parametrize("month", ["2025-2", "later", "8999-01"])
def test_months_that_are_none_are_explained(used: Cast, month: str) -> None:
    url = f"/api/organizations/{used.acme.id}/usage?month={month}"
    response = program(used.viewer).get(url)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert "month" in response.json()["errors"]
    page = browser(used.viewer).get(f"/orgs/acme/usage/?month={month}")
    assert page.status_code == 400


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.content.decode())))


def test_file_holds_a_row_for_each_instance_and_no_formula(used: Cast) -> None:
    page = browser(used.viewer).get("/orgs/acme/usage/csv/?month=2025-02")
    api = program(used.viewer).get(f"/api/organizations/{used.acme.id}/usage.csv?month=2025-02")
    assert page.content == api.content
    assert page["Content-Disposition"] == 'attachment; filename="acme-2025-02.csv"'
    [row] = rows(page)
    assert (row["month"], row["organization"], row["instance"]) == ("2025-02", "Acme", "'=cmd()")
    assert (row["running_hours"], row["memory_mb_hours"]) == ("10.000000", "10240.000000")


def test_page_shows_the_month_its_neighbours_and_the_bars(used: Cast) -> None:
    page = browser(used.viewer).get("/orgs/acme/usage/?month=2025-02").content.decode()
    assert "February 2025" in page
    assert "10.00 GB hours" in page
    assert "?month=2025-01" in page
    assert "?month=2025-03" in page
    assert "Deleted" in page


def test_first_month_has_none_before_and_says_what_will_be_here(used: Cast) -> None:
    page = browser(used.viewer).get("/orgs/acme/usage/?month=2025-01").content.decode()
    assert "Nothing was used in this month" in page
    assert "?month=2024-12" not in page


def test_months_before_the_organization_are_said_to_be(used: Cast) -> None:
    before = "?month=2024-12"
    page = browser(used.viewer).get(f"/orgs/acme/usage/{before}")
    api = program(used.viewer).get(f"/api/organizations/{used.acme.id}/usage{before}")
    assert (page.status_code, api.status_code) == (404, 404)
    assert "did not exist yet in December 2024" in page.content.decode()
    assert "that of January 2025" in api.json()["detail"]


def test_page_takes_as_many_queries_for_many_instances(used: Cast) -> None:
    client = browser(used.viewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/orgs/acme/usage/")
        return len(captured)

    queries()
    add_instance(used.acme, status=Status.RUNNING)
    few = queries()
    for _ in range(4):
        add_instance(used.acme, status=Status.RUNNING)
    assert queries() == few

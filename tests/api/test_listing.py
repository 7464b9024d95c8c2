"""Lists: pages by cursor, order, search and choice of fields, and what bad wishes are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from instances.models import Instance
from quotas.models import InstanceQuota
from tests.conftest import Cast
from tests.orgs.people import add_invitation
from tests.quotas.rows import add_key
from tests.rows import add_instance


def instances_url(cast: Cast, query: str = "") -> str:
    return f"/api/organizations/{cast.acme.id}/instances{query}"


def walk(program: APIClient, address: str, link: str = "next") -> list[list[str]]:
    """Follow the links, and give the names of each page."""
    pages: list[list[str]] = []
    following: str | None = address
    while following:
        page = program.get(following).json()
        pages.append([row["name"] for row in page["results"]])
        following = page[link]
    return pages


@pytest.fixture
def seven(cast: Cast) -> list[str]:
    """Seven instances: some expire, two of them at the same moment, some never."""
    soon = timezone.now() + timedelta(days=1)
    expiries = [None, soon, soon, soon + timedelta(days=1), None, soon + timedelta(days=2), None]
    InstanceQuota.objects.filter(organization=cast.acme).update(instances_limit=100)
    for number, expires_at in enumerate(expiries):
        add_instance(cast.acme, f"n{number}", expires_at=expires_at)
    Instance.objects.filter(name="n3").update(status="running")
    return [f"n{number}" for number in range(7)]


def test_pages_hold_every_row_once(cast: Cast, program: APIClient, seven: list[str]) -> None:
    pages = walk(program, instances_url(cast, "?limit=3"))
    assert pages == [seven[:3], seven[3:6], seven[6:]]


@pytest.mark.parametrize("what", ["members", "invitations", "api-keys"])
def test_every_list_goes_on_after_a_page(cast: Cast, program: APIClient, what: str) -> None:
    for _ in range(3):
        add_invitation(cast.acme)
        add_key(cast.acme)
    whole = program.get(f"/api/organizations/{cast.acme.id}/{what}").json()["results"]
    address = f"/api/organizations/{cast.acme.id}/{what}?limit=2"
    pages = [program.get(address).json()]
    while following := pages[-1]["next"]:
        pages.append(program.get(following).json())
    assert len(pages) > 1
    assert [row["id"] for page in pages for row in page["results"]] == [row["id"] for row in whole]
    back = program.get(pages[-1]["previous"]).json()
    assert back["results"] == pages[-2]["results"]


@pytest.mark.parametrize("ordering", ["-name", "status", "-created_at", "memory_mb", "-memory_mb"])
def test_every_order_leads_through_all_rows(
    cast: Cast, program: APIClient, seven: list[str], ordering: str
) -> None:
    pages = walk(program, instances_url(cast, f"?limit=2&ordering={ordering}"))
    assert sorted(name for page in pages for name in page) == seven
    assert [len(page) for page in pages] == [2, 2, 2, 1]


@pytest.mark.parametrize("direction", ["", "-"])
def test_rows_without_a_value_come_last(cast: Cast, program: APIClient, direction: str) -> None:
    url = f"/api/organizations/{cast.acme.id}/api-keys"
    soon = timezone.now() + timedelta(days=1)
    for name, expires_at in (("a", None), ("b", soon), ("c", soon + timedelta(days=1))):
        wish = {"name": name, "scopes": ["read"], "expires_at": expires_at}
        assert program.post(url, wish).status_code == 201
    pages = walk(program, f"{url}?limit=1&ordering={direction}expires_at")
    assert [name for page in pages for name in page][2] == "a"
    assert len(pages) == 3


def test_pages_can_be_walked_backwards(cast: Cast, program: APIClient, seven: list[str]) -> None:
    first = program.get(instances_url(cast, "?limit=3")).json()
    second = program.get(first["next"]).json()
    last = program.get(second["next"]).json()
    back = program.get(last["previous"]).json()
    assert [row["name"] for row in back["results"]] == seven[3:6]
    assert walk(program, last["previous"], "previous") == [seven[3:6], seven[:3]]


def test_row_added_before_the_page_moves_nothing(
    cast: Cast, program: APIClient, seven: list[str]
) -> None:
    first = program.get(instances_url(cast, "?limit=3")).json()
    add_instance(cast.acme, "a0")
    second = program.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == seven[3:6]


def test_next_page_is_in_the_link_header(cast: Cast, program: APIClient, seven: list[str]) -> None:
    response = program.get(instances_url(cast, "?limit=3"))
    assert response["Link"] == f'<{response.json()["next"]}>; rel="next"'
    assert response.json()["count"] == 7


def test_only_the_wanted_fields_are_answered(
    cast: Cast, program: APIClient, seven: list[str]
) -> None:
    page = program.get(instances_url(cast, "?fields=id,name&limit=1")).json()
    assert set(page["results"][0]) == {"id", "name"}
    one = program.get(instances_url(cast, f"/{page['results'][0]['id']}?fields=status"))
    assert one.json() == {"status": "pending"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limit=ten", "limit"),
        ("?page=2", "page"),
        ("?limit=5&offset=5", "offset"),
        ("?ordering=password", "ordering"),
        ("?ordering=name,-port", "ordering"),
        ("?fields=password", "fields"),
        ("?fields=", "fields"),
        ("?status=asleep", "status"),
        ("?cursor=nonsense", "cursor"),
        ("?cursor=W10", "cursor"),
        ("?cursor=", "cursor"),
        # ["name","id"] with a name that no id can be
        ("?cursor=W1sibmFtZSIsImlkIl0sWyJhIiwiYiJdLGZhbHNlXQ", "cursor"),
        # ["-name","id"]: another order
        ("?cursor=W1siLW5hbWUiLCJpZCJdLFsiYSIsImIiXSxmYWxzZV0", "cursor"),
    ],
)
def test_bad_wish_is_refused_by_field(
    cast: Cast, program: APIClient, query: str, field: str
) -> None:
    add_instance(cast.acme, "cache")
    response = program.get(instances_url(cast, query))
    body: dict[str, Any] = response.json()
    assert (response.status_code, set(body["errors"])) == (400, {field})
    assert body["code"] == ("invalid_cursor" if field == "cursor" else "invalid_input")

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from audit.models import AuditEvent
from orgs import deletion, services
from orgs.models import Membership, Organization
from tests.clients import program
from tests.conftest import Cast, actor
from tests.quotas.rows import add_key, used
from tests.rows import add_instance

URL = "/api/organizations"


def test_list_shows_my_organizations_with_my_role(cast: Cast) -> None:
    body = program(cast.viewer).get(URL).json()
    assert body["count"] == 1
    shown = body["results"][0]
    assert shown.keys() == {
        "id",
        "name",
        "slug",
        "description",
        "role",
        "status",
        "remaining",
        "sign_in_required",
        "created_at",
        "updated_at",
    }
    assert (shown["id"], shown["slug"], shown["role"]) == (str(cast.acme.id), "acme", "viewer")


def test_list_can_be_searched_and_ordered(cast: Cast) -> None:
    for name in ("Beta", "Alpha"):
        services.create(actor(cast.owner), owner=cast.owner, name=name)

    def names(query: str) -> list[str]:
        results = program(cast.owner).get(f"{URL}?{query}").json()["results"]
        return [each["name"] for each in results]

    assert names("") == ["Acme", "Alpha", "Beta"]
    assert names("ordering=-name") == ["Beta", "Alpha", "Acme"]
    assert names("ordering=-created_at") == ["Alpha", "Beta", "Acme"]
    assert names("search=alph") == ["Alpha"]
    refused = program(cast.owner).get(f"{URL}?ordering=password")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["ordering"])


def test_search_for_thousands_of_words_is_refused_in_words(cast: Cast) -> None:
    answer = program(cast.owner).get(f"{URL}?search={'x+' * 3000}")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"search": ["Search for 20 words at most."]}


def test_list_costs_the_same_for_many(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            program(cast.owner).get(URL)
        return len(captured)

    few = queries()
    for number in range(10):
        services.create(actor(cast.owner), owner=cast.owner, name=f"Org {number}")
    assert queries() == few <= 4


def test_page_that_is_not_there_is_a_problem(cast: Cast) -> None:
    response = program(cast.owner).get(f"{URL}?cursor=99")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


def test_create_makes_the_caller_its_owner(cast: Cast) -> None:
    wish = {"name": "  Döner & Söhne ", "description": "Kebab"}
    response = program(cast.viewer).post(URL, wish)
    assert response.status_code == 201
    body = response.json()
    assert body["name"] == "Döner & Söhne"
    assert body["slug"] == "doner-sohne"
    assert body["role"] == "owner"
    assert response["Location"] == f"{URL}/{body['id']}"
    assert program(cast.viewer).get(response["Location"]).json() == body
    assert used(Organization.objects.get(pk=body["id"])) == (0, 0, 0)


def test_same_name_twice_makes_two(cast: Cast) -> None:
    client = program(cast.owner)
    slugs = {client.post(URL, {"name": "Twins"}).json()["slug"] for _ in range(8)}
    assert len(slugs) == 8
    assert {"twins", "twins-2"} <= slugs


def test_no_slug_stands_where_a_page_is(cast: Cast) -> None:
    response = program(cast.owner).post(URL, {"name": "New"})
    assert response.json()["slug"] == "new-2"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": None}, "name"),
        ({"name": {"a": 1}}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"name": "esc\x1b[31m"}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "fine", "description": "x" * 301}, "description"),
        ({"name": "fine", "description": "a\r\nb"}, "description"),
        ({"name": "fine", "description": None}, "description"),
    ],
)
def test_bad_input_names_the_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    response = program(cast.owner).post(URL, body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert field in response.json()["errors"]
    assert Organization.objects.count() == 2


def test_rename_keeps_the_slug_and_is_audited(cast: Cast) -> None:
    response = program(cast.admin).patch(f"{URL}/{cast.acme.id}", {"name": "Acme Corp"})
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["slug"]) == ("Acme Corp", "acme")
    event = AuditEvent.objects.get(action="organization.update")
    assert event.actor_label == "adam@example.com"
    assert event.means == "api"
    assert event.changes["before"]["name"] == "Acme"


def test_change_of_nothing_is_not_audited(cast: Cast) -> None:
    assert program(cast.admin).patch(f"{URL}/{cast.acme.id}", {}).status_code == 200
    assert not AuditEvent.objects.filter(action="organization.update").exists()


@pytest.mark.parametrize("field", ["id", "slug", "role", "created_at", "members"])
def test_fixed_fields_cannot_be_changed(cast: Cast, field: str) -> None:
    client = program(cast.owner)
    before = client.get(f"{URL}/{cast.acme.id}").json()
    response = client.patch(f"{URL}/{cast.acme.id}", {"name": "Changed", field: "changed"})
    assert response.status_code == 400
    words = "This can't be set here. What can be set: name, description."
    assert response.json()["errors"] == {field: [words]}
    assert client.get(f"{URL}/{cast.acme.id}").json() == before


@pytest.mark.parametrize("field", ["id", "slug", "role", "owner"])
def test_fixed_fields_cannot_be_chosen(cast: Cast, field: str) -> None:
    response = program(cast.owner).post(URL, {"name": "Fresh", field: "chosen"})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert Organization.objects.count() == 2


def test_delete_takes_memberships_and_quota_along(cast: Cast) -> None:
    assert program(cast.owner).delete(f"{URL}/{cast.acme.id}").status_code == 204
    assert not Membership.objects.filter(organization=cast.acme.id).exists()
    assert program(cast.owner).get(f"{URL}/{cast.acme.id}").status_code == 404
    event = AuditEvent.objects.get(action="organization.delete")
    assert (event.organization_id, event.object_label) == (cast.acme.id, "Acme")


def test_organization_with_servers_is_deleted_once_they_have_ended(cast: Cast) -> None:
    instance, key = add_instance(cast.acme), add_key(cast.acme)
    client, url = program(cast.owner), f"{URL}/{cast.acme.id}"
    response = client.delete(url)
    assert (response.status_code, response.json()["status"]) == (202, "deleting")
    assert response.json()["remaining"] == {"instances": 1}
    instance.refresh_from_db()
    key.refresh_from_db()
    assert (instance.wish, key.is_active) == ("deleted", False)
    assert client.delete(url).status_code == 409
    assert client.get(url).json()["status"] == "deleting"
    instance.delete()
    assert deletion.carry_out() == 0
    assert client.get(url).status_code == 404
    event = AuditEvent.objects.get(action="organization.delete")
    assert event.changes == {"instances": 1, "api_keys": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/instances", {"name": "late", "memory_mb": 1, "purpose": "cache"}),
        ("/api-keys", {"name": "late", "scopes": ["read"]}),
    ],
)
def test_nothing_is_made_in_an_organization_that_is_being_deleted(
    cast: Cast, path: str, body: dict[str, Any]
) -> None:
    add_instance(cast.acme)
    client = program(cast.owner)
    client.delete(f"{URL}/{cast.acme.id}")
    refusal = client.post(f"{URL}/{cast.acme.id}{path}", body)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "conflict")
    assert "is being deleted" in refusal.json()["detail"]
    assert client.get(f"{URL}/{cast.acme.id}{path}").status_code == 200


def test_unknown_and_foreign_ids_answer_alike(cast: Cast) -> None:
    client = program(cast.owner)
    foreign = client.get(f"{URL}/{cast.globex.id}")
    unknown = client.get(f"{URL}/{uuid4()}")
    assert foreign.content == unknown.content
    assert foreign.status_code == unknown.status_code == 404


def test_session_needs_the_cross_site_token(cast: Cast) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(cast.owner)
    assert browser.get(URL).status_code == 200
    assert browser.post(URL, {"name": "Stolen"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["", "/{id}", "/{id}/quota", "/{id}/instances", "/{id}/api-keys"],
)
def test_trailing_slash_means_the_same(cast: Cast, path: str) -> None:
    client = program(cast.owner)
    plain = client.get(URL + path.format(id=cast.acme.id))
    slashed = client.get(URL + path.format(id=cast.acme.id) + "/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.content == slashed.content

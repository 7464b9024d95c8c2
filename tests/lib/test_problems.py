"""Programs are answered as programs, whatever goes wrong."""

import pytest
from django.test import Client
from django.urls import reverse

from orgs.api import OrganizationList
from tests.conftest import Cast


@pytest.mark.parametrize("path", ["/api/nothing", "/api/organizations/not-an-id", "/auth/nothing"])
def test_unknown_address_is_a_problem_for_programs(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_unknown_address_is_a_page_for_people(db: None, client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "<html" in response.text


def test_defect_of_ours_is_a_problem_that_tells_nothing_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(OrganizationList, "get", break_down)
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.owner)
    response = browser.get(reverse("orgs_api:list"))
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "a secret" not in response.text

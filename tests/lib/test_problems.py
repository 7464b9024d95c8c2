"""Programs are answered as programs, whatever goes wrong."""

import json
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client
from django.urls import reverse

from orgs.api import OrganizationList
from redisgate.asgi import application
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


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/refresh"])
def test_json_deeper_than_the_stack_is_a_problem_of_the_sender(client: Client, path: str) -> None:
    response = client.post(path, b"[" * 100_000, content_type="application/json")
    assert response.status_code == 400
    assert "nested too deeply" in response.json()["detail"]


async def test_body_above_the_bound_is_refused_before_it_is_read() -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/auth/login",
        "query_string": b"",
        "headers": [(b"transfer-encoding", b"chunked")],
    }
    link: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    for _ in range(40):
        await link.send_input({"type": "http.request", "body": b"x" * 2**20, "more_body": True})
    assert (await link.receive_output())["status"] == 413
    assert "2621440 bytes" in json.loads((await link.receive_output())["body"])["detail"]


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

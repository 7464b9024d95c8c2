"""What the log says of a refusal of the management API."""

import logging
from uuid import uuid4

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.conftest import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_slow(settings: Settings) -> None:
    settings.SLOW_REQUEST_MS = settings.SLOW_QUERY_MS = 0


def test_refusal_is_logged_once_with_method_route_and_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = APIClient()
    client.force_authenticate(make_user("olivia"))
    with caplog.at_level(logging.INFO):
        client.post("/api/organizations", {"name": ""}, format="json")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["POST /api/organizations refused: 400 invalid_input"]


def test_refusal_is_logged_by_its_route(caplog: pytest.LogCaptureFixture) -> None:
    client = APIClient()
    client.force_authenticate(make_user("olivia"))
    with caplog.at_level(logging.INFO):
        client.get(f"/api/organizations/{uuid4()}/members")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["GET /api/organizations/<uuid:org>/members refused: 404 not_found"]

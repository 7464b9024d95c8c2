"""What the log says of a refusal of the management API."""

import logging

import pytest
from rest_framework.test import APIClient

from tests.conftest import make_user

pytestmark = pytest.mark.django_db


def test_refusal_is_logged_once_with_method_path_and_code(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = APIClient()
    client.force_authenticate(make_user("olivia"))
    with caplog.at_level(logging.INFO):
        client.post("/api/organizations", {"name": ""}, format="json")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["POST /api/organizations refused: 400 invalid_input"]

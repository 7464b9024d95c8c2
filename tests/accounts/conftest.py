import pytest
from rest_framework.test import APIClient


@pytest.fixture
def program() -> APIClient:
    """A program without a token; cross-site checks are on, as outside of tests."""
    return APIClient(enforce_csrf_checks=True)

import pytest
from rest_framework.test import APIClient

from tests import clients
from tests.conftest import Cast


@pytest.fixture
def program(cast: Cast) -> APIClient:
    """Call as Acme's owner does."""
    return clients.program(cast.owner)

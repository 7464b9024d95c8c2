from collections.abc import Iterator

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> Iterator[None]:
    """Forget failed attempts: limits are counted in the cache, by address."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def program() -> APIClient:
    """A program without a token; cross-site checks are on, as outside of tests."""
    return APIClient(enforce_csrf_checks=True)

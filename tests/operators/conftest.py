from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from operators import traffic
from tests.clients import browser
from tests.conftest import Cast, make_user


@pytest.fixture(autouse=True)
def _nothing_added_up() -> Iterator[None]:
    traffic.forget()
    yield
    traffic.forget()


@pytest.fixture
def oscar(cast: Cast) -> User:
    """Somebody who runs the platform and belongs to no organization."""
    person = make_user("oscar")
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person.refresh_from_db()
    return person


@pytest.fixture
def operator(oscar: User) -> Client:
    return browser(oscar)

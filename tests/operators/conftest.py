from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from operators import arrivals, creations, traffic
from tests.clients import browser
from tests.conftest import Cast, make_user


@pytest.fixture(autouse=True)
def _nothing_added_up() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    for each in (arrivals, creations, traffic):
        each.forget()


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

"""The operators' admin has no door of its own."""

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.fixture
def operator(cast: Cast) -> Client:
    cast.owner.is_staff = cast.owner.is_superuser = True
    cast.owner.save(update_fields=["is_staff", "is_superuser"])
    client = Client()
    client.force_login(cast.owner)
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_visitor_is_sent_to_the_login_page_that_counts_guesses(
    client: Client, db: None, method: str
) -> None:
    guess = {"username": "olivia@example.com", "password": "wrong"}
    response = getattr(client, method)("/admin/login/?next=/admin/", guess)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")


def test_member_who_is_no_operator_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    assert client.get("/admin/", follow=True).status_code == 403


def test_operator_enters(operator: Client) -> None:
    assert operator.get("/admin/").status_code == 200

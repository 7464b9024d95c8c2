"""The organization that makes itself when somebody signs in for the first time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from orgs import onboarding
from orgs.models import Organization
from tests.conftest import Cast, make_user

PAGES = 4


def test_first_visit_makes_an_organization_and_the_second_finds_it(db: None) -> None:
    user = make_user("nora")
    made = onboarding.landing_organization(user)
    assert made.name == "nora's organization"
    assert onboarding.landing_organization(user) == made


def test_member_lands_where_they_are_a_member(cast: Cast) -> None:
    assert onboarding.landing_organization(cast.viewer) == cast.acme


def test_longest_username_fits(db: None) -> None:
    made = onboarding.landing_organization(make_user("n" * 150))
    made.full_clean()
    assert made.name.endswith("n's organization")


@pytest.mark.django_db(transaction=True)
def test_pages_opened_at_once_make_one_organization() -> None:
    user = make_user("nora")
    start = Barrier(PAGES)

    def land(user: User) -> UUID:
        try:
            start.wait(timeout=30)
            return onboarding.landing_organization(user).id
        finally:
            connection.close()

    with ThreadPoolExecutor(PAGES) as pool:
        landed = set(pool.map(land, [user] * PAGES))
    assert landed == {organization.id for organization in Organization.objects.all()}
    assert len(landed) == 1

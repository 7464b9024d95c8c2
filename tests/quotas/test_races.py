"""64 writers at once, with room for 10: exactly 10 come in, however often it is tried."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from orgs.models import Organization
from quotas.refusals import QuotaExceeded, What
from quotas.services import refusing
from redisgate.lib.write_lock import retried_when_locked
from tests.quotas.rows import add_key, limit, used
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 64
ROOM = 10
ROUNDS = 3


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(name="Acme", slug="acme")


def storm(write: Callable[[], object], what: What, organization: Organization) -> int:
    """Let all writers start together, each on a connection of its own; count who came in."""
    start = Barrier(WRITERS)

    @retried_when_locked
    def attempt() -> bool:
        try:
            with refusing(what, organization=organization):
                write()
        except QuotaExceeded:
            return False
        return True

    def writer(_: int) -> bool:
        try:
            start.wait(timeout=30)
            return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(writer, range(WRITERS)))


@pytest.mark.parametrize("taken", [0, 3])
def test_exactly_ten_instances_come_in(organization: Organization, taken: int) -> None:
    for _ in range(ROUNDS):
        limit(organization, instances_limit=ROOM + taken)
        for _ in range(taken):
            add_instance(organization)
        assert storm(lambda: add_instance(organization), "instance", organization) == ROOM
        assert used(organization)[0] == organization.instances.count() == ROOM + taken
        organization.instances.all().delete()
        assert used(organization) == (0, 0, 0)


def test_exactly_the_memory_that_is_left_is_given(organization: Organization) -> None:
    limit(organization, instances_limit=1000, memory_mb_limit=ROOM * 64 + 63)
    create = storm(lambda: add_instance(organization, memory_mb=64), "instance", organization)
    assert create == ROOM
    assert used(organization) == (ROOM, ROOM * 64, 0)


def test_exactly_ten_api_keys_come_in(organization: Organization) -> None:
    for _ in range(ROUNDS):
        assert storm(lambda: add_key(organization), "API key", organization) == ROOM
        assert used(organization)[2] == organization.api_keys.count() == ROOM
        organization.api_keys.all().delete()

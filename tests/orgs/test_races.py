"""An organization is deleted while something is made in it: one of the two wins, in words."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Literal

import pytest
from django.db import connection

from audit.actors import SYSTEM
from audit.models import AuditEvent
from orgs import services
from orgs.models import Organization
from quotas.services import refusing
from redisgate.lib.errors import Conflict, NotFound
from redisgate.lib.write_lock import retried_when_locked
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15
Outcome = Literal["done", "refused"]


def deletes(organization: Organization, start: Barrier) -> Outcome:
    try:
        start.wait(timeout=30)
        services.delete(SYSTEM, organization)
    except Conflict:
        return "refused"
    finally:
        connection.close()
    return "done"


@retried_when_locked
def create(organization: Organization) -> None:
    with refusing("instance", organization=organization):
        add_instance(organization)


def creates(organization: Organization, start: Barrier) -> Outcome:
    try:
        start.wait(timeout=30)
        create(organization)
    except NotFound:
        return "refused"
    finally:
        connection.close()
    return "done"


@pytest.mark.parametrize("number", range(ROUNDS))
def test_either_the_deletion_or_the_creation_wins(number: int) -> None:
    organization = Organization.objects.create(name="Acme", slug=f"acme-{number}")
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        deletion = pool.submit(deletes, organization, start)
        creation = pool.submit(creates, organization, start)
    assert {deletion.result(), creation.result()} == {"done", "refused"}
    is_there = Organization.objects.filter(pk=organization.pk).exists()
    assert is_there == (creation.result() == "done")


def test_deleting_twice_at_once_deletes_once() -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")
    start = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: deletes(organization, start), range(8)))
    assert outcomes == ["done"] * 8
    assert AuditEvent.objects.filter(action="organization.delete").count() == 1

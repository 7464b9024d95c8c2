"""An organization is deleted while something is made in it: the deletion wins in the end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Literal

import pytest
from django.db import connection

from audit.actors import SYSTEM
from audit.models import AuditEvent
from instances.models import Instance
from instances.states import Wish
from orgs import deletion
from orgs.models import Organization
from quotas.services import refusing
from redisgate.lib.errors import NotFound
from redisgate.lib.write_lock import retried_when_locked
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15
Outcome = Literal["done", "refused"]


def deletes(organization: Organization, start: Barrier) -> Outcome:
    try:
        start.wait(timeout=30)
        deletion.delete(SYSTEM, organization)
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
def test_what_is_made_meanwhile_goes_as_well(number: int) -> None:
    organization = Organization.objects.create(name="Acme", slug=f"acme-{number}")
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        deletion_ = pool.submit(deletes, organization, start)
        creation = pool.submit(creates, organization, start)
    assert deletion_.result() == "done"
    deletion.carry_out()
    left = Instance.objects.filter(organization=organization)
    assert left.count() == (creation.result() == "done")
    assert not left.exclude(wish=Wish.DELETED).exists()
    left.delete()
    assert deletion.carry_out() == 0
    assert not Organization.objects.filter(pk=organization.pk).exists()


def test_deleting_twice_at_once_deletes_once() -> None:
    organization = Organization.objects.create(name="Acme", slug="acme")
    start = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: deletes(organization, start), range(8)))
    assert outcomes == ["done"] * 8
    assert AuditEvent.objects.filter(action="organization.delete").count() == 1

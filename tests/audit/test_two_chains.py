"""Whoever writes events of several organizations meets others who do, and both get through."""

from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from audit import services, verifying
from audit.actions import Action
from audit.actors import SYSTEM
from audit.models import AuditEvent
from managementkeys import services as management_keys
from managementkeys.models import ManagementKey
from orgs.access import Access
from orgs.models import Organization
from orgs.roles import Role
from redisgate.lib.write_lock import retried_when_locked
from tests.conftest import Cast, actor
from tests.orgs.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@retried_when_locked
def write(first: Organization, second: Organization, halfway: Barrier, met: Event) -> None:
    with transaction.atomic():
        _record(first)
        # On SQLite nobody else is in a transaction now; and whoever comes again met them before.
        if connection.vendor == "postgresql" and not met.is_set():
            halfway.wait(timeout=60)
        _record(second)


def _record(organization: Organization) -> None:
    services.record(
        SYSTEM,
        Action.ORGANIZATION_UPDATE,
        organization_id=organization.pk,
        object_id=organization.pk,
        object_label=organization.name,
    )


def test_two_who_come_from_opposite_sides_both_get_through(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    met = Event()
    halfway = Barrier(2, action=met.set)
    ways = [(cast.acme, cast.globex), (cast.globex, cast.acme)]
    done = at_once([partial(write, *way, halfway, met) for way in ways])
    assert done == [True, True]
    assert AuditEvent.objects.count() == before + 4
    for organization in (cast.acme, cast.globex):
        assert verifying.verify(organization.pk)  # raises Broken


def test_last_management_key_is_made_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(management_keys, "LIVE_MAX", 1)
    access = Access(cast.acme, cast.owner, Role.OWNER)
    make = partial(
        management_keys.create, actor(cast.owner), access, name="Terraform", role="admin"
    )
    assert sorted(at_once([make, make, make])) == [False, False, True]
    assert ManagementKey.objects.count() == 1

"""Each event carries its place in the chain of its organization."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from audit import chain
from audit.actions import Action
from audit.actors import SYSTEM
from audit.models import AuditChain, AuditEvent
from audit.services import record
from redisgate.lib.write_lock import retried_when_locked

AWKWARD = {
    "before": {"name": "a\0b", "ratio": 1e22, "tiny": 1e-7, "none": None, "ümlaut": "\ud800"},
    "after": [1, 2.5, -0.0, True, "x" * 500],
}


def write(organization_id: UUID | None = None, **more: object) -> AuditEvent:
    return record(
        SYSTEM,
        Action.INSTANCE_RENAME,
        organization_id=organization_id,
        object_id=uuid.uuid4(),
        object_label="cache",
        changes=more,
    )


@pytest.mark.django_db
def test_event_read_back_has_the_hash_it_was_written_with() -> None:
    written = write(uuid.uuid4(), **AWKWARD)
    found = AuditEvent.objects.get(pk=written.pk)
    assert found.hash == written.hash == chain.hash_of(chain.content(found), chain.START)


@pytest.mark.django_db
def test_each_organization_and_the_platform_have_a_chain_of_their_own() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    events = [write(one), write(other), write(), write(one), write()]
    assert [event.sequence for event in events] == [1, 1, 1, 2, 2]
    assert events[3].hash == chain.hash_of(chain.content(events[3]), events[0].hash)
    head = AuditChain.objects.get(pk=chain.PLATFORM)
    assert (head.sequence, head.hash) == (2, events[4].hash)
    assert chain.is_signed(chain.head_text(head.id, 2, head.hash), head.signature)
    assert not chain.is_signed(chain.head_text(head.id, 1, head.hash), head.signature)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_unbroken_chain() -> None:
    organization, writers, each = uuid.uuid4(), 8, 5
    start = Barrier(writers)

    def write_some(_: int) -> None:
        try:
            start.wait(timeout=30)
            for _ in range(each):
                retried_when_locked(write)(organization)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write_some, range(writers)))
    events = AuditEvent.objects.filter(organization_id=organization).order_by("sequence")
    assert [event.sequence for event in events] == list(range(1, writers * each + 1))
    previous = chain.START
    for event in events:
        assert event.hash == chain.hash_of(chain.content(event), previous)
        previous = event.hash

"""Events from before there were chains are chained, on the way there and back."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from audit.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("audit", "0002_actions_from_the_code")]
AFTER = [("audit", "0005_append_only")]


def migrate(targets: list[tuple[str, str]]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection)


def test_existing_events_are_chained(capsys: pytest.CaptureFixture[str]) -> None:
    organizations = [uuid.uuid4(), None]
    events = migrate(BEFORE).loader.project_state(BEFORE).apps.get_model("audit", "AuditEvent")
    try:
        for number in range(6):
            events.objects.create(
                at=timezone.now(),
                organization_id=organizations[number % 2],
                actor_label="a",
                means="api",
                address="::ffff:203.0.113.7" if number else None,
                action="instance.rename",
                object_id=uuid.uuid4(),
                object_label="cache",
                changes={"ratio": 1e22, "number": number},
            )
    finally:
        migrate(AFTER)
    call_command("audit_verify")
    assert capsys.readouterr().out.count("3 events hold") == 2
    chained = AuditEvent.objects.filter(organization_id=organizations[0]).order_by("sequence")
    assert [event.changes["number"] for event in chained] == [0, 2, 4]
    assert {event.object_type for event in chained} == {"instance"}

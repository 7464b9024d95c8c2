import uuid
from collections.abc import Callable

import pytest

from audit.actions import Action
from audit.actors import Actor, Means
from audit.models import AuditEvent
from audit.services import record
from tests.conftest import Cast

Write = Callable[..., AuditEvent]


@pytest.fixture
def write(cast: Cast) -> Write:
    """Write an event of Acme by its owner, but for what is said otherwise."""

    def write(
        action: Action = Action.INSTANCE_RENAME,
        label: str = "cache",
        *,
        means: Means = Means.DASHBOARD,
        object_id: uuid.UUID | None = None,
        **changes: object,
    ) -> AuditEvent:
        actor = Actor(
            user_id=cast.owner.id, label=cast.owner.email, means=means, address="203.0.113.7"
        )
        return record(
            actor,
            action,
            organization_id=cast.acme.id,
            object_id=object_id or uuid.uuid4(),
            object_label=label,
            changes=changes,
        )

    return write

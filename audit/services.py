"""The one way to write down what happened."""

from collections.abc import Mapping
from uuid import UUID

from audit.actions import Action
from audit.actors import Actor
from audit.models import AuditEvent


def record(
    actor: Actor,
    action: Action,
    *,
    organization_id: UUID | None,
    object_id: UUID,
    object_label: str,
    changes: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction. ``changes`` never holds a secret."""
    return AuditEvent.objects.create(
        organization_id=organization_id,
        actor_id=actor.user_id,
        actor_label=actor.label,
        means=actor.means.value,
        address=actor.address,
        action=action,
        object_id=object_id,
        object_label=object_label,
        changes=dict(changes or {}),
    )

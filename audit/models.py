"""What happened: one row a mutation, written in the mutation's own transaction."""

import uuid

from django.db import models

from audit.actions import Action
from audit.actors import Means


class AuditEvent(models.Model):
    """One mutation. Ids are plain columns, so that events outlive what they speak of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    organization_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=254)
    means = models.CharField(max_length=16, choices=[(m.value, m.value) for m in Means])
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=64, choices=Action.choices)
    object_id = models.UUIDField()
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at",)
        indexes = [models.Index(fields=["organization_id", "-at"], name="audit_by_organization")]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.object_label}"

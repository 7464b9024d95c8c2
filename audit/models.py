"""What happened: one row a mutation, written in the mutation's own transaction, and never again."""

import uuid

from django.db import models
from django.utils import timezone

from audit.actions import Action
from audit.actors import Means
from redisgate.lib.fields import EncryptedTextField

NEWEST_FIRST = ("-at", "-sequence")
"""The order of every list; each index ends in it, so that a page is read and never sorted."""


def _index(*fields: str, name: str) -> models.Index:
    return models.Index(fields=[*fields, *NEWEST_FIRST], name=name)


class AuditEvent(models.Model):
    """One mutation. Ids are plain columns, so that events outlive what they speak of.

    ``sequence`` and ``hash`` are its place in the chain of its organization, see audit/chain.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    organization_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=254)
    means = models.CharField(max_length=16, choices=[(m.value, m.value) for m in Means])
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    action = models.CharField(max_length=64, choices=Action.choices)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField()
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = NEWEST_FIRST
        indexes = [
            _index(name="audit_newest"),
            _index("organization_id", name="audit_by_organization"),
            _index("organization_id", "actor_id", name="audit_by_actor"),
            _index("organization_id", "object_id", name="audit_by_object"),
            _index("organization_id", "action", name="audit_by_action"),
            _index("organization_id", "object_type", name="audit_by_type"),
            _index("organization_id", "means", name="audit_by_means"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "sequence"], name="audit_sequence_in_organization"
            ),
            models.UniqueConstraint(
                fields=["sequence"],
                condition=models.Q(organization_id=None),
                name="audit_sequence_of_platform",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.object_label}"


class AuditChain(models.Model):
    """The head of one organization's chain. Its row is the lock under which the chain grows."""

    id = models.UUIDField(primary_key=True)  # the organization's, or chain.PLATFORM
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.id} at {self.sequence}"


class AuditSeal(models.Model):
    """A part of a chain that left the database for a signed file; only such events may go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    chain_id = models.UUIDField()
    first_sequence = models.PositiveBigIntegerField()
    last_sequence = models.PositiveBigIntegerField()
    last_hash = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("chain_id", "last_sequence")
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "last_sequence"], name="audit_sealed_once"),
        ]

    def __str__(self) -> str:
        return self.file_name


class AuditLock(models.Model):
    """What removing sealed events needs: a secret of which the database knows the digest alone.

    ``secret`` is encrypted with the platform's keys, which the database doesn't hold.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    secret = EncryptedTextField()

    class Meta:
        managed = False  # so that a flush, which empties every managed table, leaves it
        db_table = "audit_lock"

    def __str__(self) -> str:
        return self.digest

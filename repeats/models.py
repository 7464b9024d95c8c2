"""Requests with an ``Idempotency-Key``, remembered so that none of them runs twice."""

from django.db import models

from redisgate.lib.fields import EncryptedTextField


class State(models.TextChoices):
    """How far a request is; one that runs past its deadline has an unknown outcome."""

    RUNNING = "running", "Running"
    ANSWERED = "answered", "Answered"
    NOT_KEPT = "not_kept", "Answered, with more than is kept"


class RememberedRequest(models.Model):
    """One request, from before its commands are sent until it may be forgotten."""

    name = models.CharField(max_length=64, primary_key=True)
    """Digest of the caller, the header's value, and of what else tells requests apart."""
    caller = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    """Digest of everything that makes the answer: path, query, body, encoding."""
    owner = models.CharField(max_length=32)
    """Who runs it. Whoever else finds the row leaves it alone."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    deadline_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    reply = EncryptedTextField(default="")
    """Status, headers and body; of an answer that isn't kept the status alone."""
    reply_bytes = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=["caller", "expires_at", "reply_bytes"], name="remembered_by_caller"
            ),
        )

    def __str__(self) -> str:
        return f"{self.caller} {self.name[:12]} {self.state}"

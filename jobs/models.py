"""Workers that are at work, sums of what was done, and jobs that failed for good."""

from typing import Any, ClassVar

from django.db import models
from django_tasks_db.models import DBTaskResult

from jobs.queue import Status


class Outcome(models.TextChoices):
    SUCCEEDED = "succeeded"
    RETRIED = "retried"
    """It failed, and waits for another attempt."""
    LOST = "lost"
    """Its worker was killed, and it waits for another."""
    FAILED = "failed"
    """For good."""


class Worker(models.Model):
    """A process that takes jobs; it says every few seconds that it is there."""

    name = models.CharField(max_length=200, primary_key=True)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How many runs of a task had an outcome, ever: one row for each, added to with the job's end.

    So it is right over all workers and restarts, and clearing jobs away takes nothing from it.
    """

    task = models.CharField(max_length=200)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    runs = models.BigIntegerField(default=0)
    run_seconds = models.FloatField(default=0)
    waited_seconds = models.FloatField(default=0)
    """Between being due and the beginning."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "outcome"], name="one_tally_each"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.outcome}"


class DeadLetters(models.Manager["DeadLetter"]):
    def get_queryset(self) -> models.QuerySet["DeadLetter"]:
        return super().get_queryset().filter(status=Status.FAILED)


class DeadLetter(DBTaskResult[Any, Any]):
    """A job that failed for good. What it was to work on is in its row, and shown nowhere."""

    objects: ClassVar[DeadLetters] = DeadLetters()  # type: ignore[assignment]  # fewer of them

    class Meta:
        proxy = True
        ordering = ["-finished_at"]
        verbose_name = "failed job"
        verbose_name_plural = "failed jobs"

    def __str__(self) -> str:
        return self.task_path

    @property
    def attempts(self) -> int:
        return len(self.worker_ids)

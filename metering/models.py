"""What statements are made of: when instances ran, and months that are finished."""

from django.db import models
from django.db.models import Q

from orgs.models import Organization


class Interval(models.Model):
    """An instance ran with so much memory from one moment to another.

    The database's triggers write these rows whenever status or memory of an instance changes;
    nothing in Python does. The instance is an id and a name alone, because it may be deleted.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    instance_id = models.UUIDField()
    instance_name = models.CharField(max_length=80)
    memory_mb = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance_id"],
                condition=Q(ended_at=None),
                name="metering_interval_one_open",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "started_at"], name="metering_interval_by_org")
        ]

    def __str__(self) -> str:
        return f"{self.instance_name} from {self.started_at}"


class SealedMonth(models.Model):
    """A month whose statements are final."""

    first_day = models.DateField(primary_key=True)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"


class MonthlyUsage(models.Model):
    """One line of a final statement."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    first_day = models.DateField()
    instance_id = models.UUIDField()
    instance_name = models.CharField(max_length=80)
    running_ms = models.BigIntegerField()
    memory_mb_ms = models.BigIntegerField()
    requests = models.BigIntegerField()
    commands = models.BigIntegerField()
    errors = models.BigIntegerField()
    bytes_in = models.BigIntegerField()
    bytes_out = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "first_day", "instance_id"],
                name="metering_monthlyusage_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance_name} in {self.first_day:%Y-%m}"

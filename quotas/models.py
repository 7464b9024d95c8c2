"""What each organization may use, and uses: one row each, guarded by the database itself."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from orgs.models import Organization


class Plan(models.Model):
    """Limits that have a name. Each organization has one; operators may override single limits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    price = models.CharField(max_length=60, blank=True)
    """What it costs, in free words."""
    instances_limit = models.PositiveIntegerField(default=5)
    memory_mb_limit = models.PositiveIntegerField(default=2048)
    api_keys_limit = models.PositiveIntegerField(default=10)
    rate_limit = models.PositiveIntegerField(default=100)
    """Commands a second of an API key for which nobody says how many."""
    # Null, because for any other new column SQLite makes the table anew, without its triggers.
    rate_limit_most = models.PositiveIntegerField(null=True, blank=True)
    """How many a key may be given; null is no more than ``rate_limit``."""
    is_default = models.BooleanField(default=False)
    """Organizations begin with this one."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="quotas_plan_name_unique"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="quotas_plan_one_default"
            ),
            models.CheckConstraint(
                condition=Q(rate_limit__gte=1), name="quotas_plan_rate_limit_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InstanceQuota(models.Model):
    """Limits and current use of one organization.

    Triggers make the row with the organization and keep the ``*_used`` columns; nothing in
    Python ever writes those. CHECK constraints refuse what would pass a limit. The limits are
    those of the plan, but for the ones that an operator has overridden: what holds stands in
    ``*_limit``, and ``quotas.plans`` writes it.
    """

    organization = models.OneToOneField(
        Organization, primary_key=True, on_delete=models.CASCADE, related_name="quota"
    )
    instances_limit = models.PositiveIntegerField(default=5, db_default=5)
    instances_used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    memory_mb_limit = models.PositiveIntegerField(default=2048, db_default=2048)
    memory_mb_used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    api_keys_limit = models.PositiveIntegerField(default=10, db_default=10)
    api_keys_used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="quotas")
    instances_override = models.PositiveIntegerField(null=True, blank=True)
    memory_mb_override = models.PositiveIntegerField(null=True, blank=True)
    api_keys_override = models.PositiveIntegerField(null=True, blank=True)
    rate_limit_override = models.PositiveIntegerField(null=True, blank=True)
    """How many commands a second a key may run, instead of what the plan says."""

    class Meta:
        db_table = "instance_quotas"
        constraints = [
            models.CheckConstraint(
                condition=Q(instances_used__lte=F("instances_limit")),
                name="instance_quotas_instances_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(memory_mb_used__lte=F("memory_mb_limit")),
                name="instance_quotas_memory_mb_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(api_keys_used__lte=F("api_keys_limit")),
                name="instance_quotas_api_keys_within_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"quota of {self.organization_id}"


class Notice(models.Model):
    """How full people know one limit of an organization to be: warned at 80 % and at 100 %."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    resource = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "resource"], name="quotas_notice_once_per_limit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} of {self.organization_id}: {self.level} %"

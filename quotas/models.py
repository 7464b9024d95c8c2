"""What each organization may use, and uses: one row each, guarded by the database itself."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from orgs.models import Organization


class InstanceQuota(models.Model):
    """Limits and current use of one organization.

    Triggers make the row with the organization and keep the ``*_used`` columns; nothing in
    Python ever writes those. CHECK constraints refuse what would pass a limit.
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

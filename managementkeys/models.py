"""Keys to the management API of one organization."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from orgs.models import Organization
from orgs.roles import Role


class ManagementKey(models.Model):
    """A program's way into one organization, in the name of whoever made the key.

    It may do what both its own role and its maker's present role allow, so that a key never
    outlives the membership behind it. Only the token's fingerprint is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="management_keys"
    )
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=16, choices=Role.choices)
    hint = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="management_keys",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="managementkeys_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> str:
        if self.revoked_at is not None:
            return "revoked"
        # The door to the list annotates it; a key that comes in by itself has no need of it.
        if getattr(self, "is_orphaned", False):
            return "ended"
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return "expired" if is_over else "active"

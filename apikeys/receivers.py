"""What follows here from what happens in lower rooms."""

from typing import Any

from django.dispatch import receiver

from apikeys.models import ApiKey
from orgs.models import Organization
from orgs.signals import organization_deleting


@receiver(organization_deleting)
def forget_revoked_keys(sender: object, organization: Organization, **_: Any) -> None:
    """Let go of keys that open nothing; those still in use keep the organization."""
    ApiKey.objects.filter(organization=organization, revoked_at__isnull=False).delete()

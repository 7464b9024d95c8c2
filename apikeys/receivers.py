"""What follows here from what happens in lower rooms."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from apikeys.models import ApiKey
from orgs.models import Organization
from orgs.signals import organization_deleting, organization_gone


@receiver(organization_deleting)
def end_keys(sender: object, organization: Organization, **_: Any) -> None:
    """Let no key open anything from now on; their users go with the servers."""
    keys = ApiKey.objects.filter(organization=organization)
    keys.unrevoked().update(revoked_at=timezone.now())


@receiver(organization_gone)
def forget_keys(sender: object, organization: Organization, **_: Any) -> None:
    ApiKey.objects.filter(organization=organization).delete()

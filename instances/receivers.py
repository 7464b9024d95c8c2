"""What follows here from what happens to organizations."""

from typing import Any

from django.dispatch import receiver

from instances import suspension
from orgs.models import Organization
from orgs.signals import organization_resumed, organization_suspended


@receiver([organization_suspended, organization_resumed])
def follow(sender: object, organization: Organization, **_: Any) -> None:
    """Stop or start its servers, and take its keys from them or give them back."""
    suspension.keep_in_step()
    suspension.change_users(organization.pk)

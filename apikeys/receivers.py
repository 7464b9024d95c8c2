"""What follows here from what happens in lower rooms."""

from time import sleep
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.verification import TRUSTED_SECONDS
from orgs.models import Organization
from orgs.signals import organization_deleting, organization_gone


@receiver(organization_deleting)
def end_keys(sender: object, organization: Organization, **_: Any) -> None:
    """Let no key open anything from now on; their users go with the servers.

    Whoever deletes is answered when no worker takes one for good any more.
    """
    keys = ApiKey.objects.filter(organization=organization)
    if keys.unrevoked().update(revoked_at=timezone.now()):
        _wait_after_commit()


def _wait_after_commit() -> None:
    # Who deletes an account may delete many organizations at once: one wait is enough for all.
    hooks = (hook for _, hook, *_ in transaction.get_connection().run_on_commit)
    if outlive_trust not in hooks:
        transaction.on_commit(outlive_trust)


def outlive_trust() -> None:
    """Wait until what was verified before now is verified again."""
    sleep(TRUSTED_SECONDS)


@receiver(organization_gone)
def forget_keys(sender: object, organization: Organization, **_: Any) -> None:
    ApiKey.objects.filter(organization=organization).delete()

"""What the guided way makes: one instance and one key, however often somebody presses."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apikeys import services as key_services
from apikeys.models import ApiKey
from audit.actors import Actor
from instances import services as instance_services
from orgs.access import Access
from quotas import limits
from redisgate.lib.write_lock import retried_when_locked
from welcome import way

KEY_NAME = "My first key"
SCOPES = ("write",)


@retried_when_locked
def create_instance(actor: Actor, access: Access, wish: Mapping[str, Any]) -> None:
    """Make the first instance, unless there is one by now. Raises like `instances.services`."""
    with transaction.atomic():
        # Of two who press at once the second waits here, and then finds what the first has made.
        limits.held(access.organization)
        if way.find(access).instance is not None:
            return
        instance_services.create(
            actor,
            access.organization,
            name=wish["name"],
            memory_mb=wish["memory_mb"],
            purpose=wish["purpose"],
        )


def create_key(actor: Actor, access: Access, *, is_first: bool) -> tuple[ApiKey, str]:
    """Make a key that may do all that is shown. Raises like `apikeys.services`."""
    return key_services.create(
        actor, access.organization, name=KEY_NAME, scopes=SCOPES, is_first=is_first
    )

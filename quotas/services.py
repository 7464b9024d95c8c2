"""What can be done to quotas, and how their refusals are put into words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from quotas import notices
from quotas.limits import held, settle, usage_in
from quotas.models import InstanceQuota
from quotas.refusals import What, exceeded
from quotas.triggers import ROW_MISSING
from quotas.usage import RESOURCES, Resource, Usage
from redisgate.lib.errors import NotFound
from redisgate.lib.write_lock import retried_when_locked


def usage(organization: Organization) -> Usage:
    """Read what an organization uses and may use."""
    return usage_in(InstanceQuota.objects.get(organization=organization))


@contextmanager
def refusing(
    what: What, *, organization: Organization, memory_mb: int | None = None, verb: str = "create"
) -> Iterator[None]:
    """Run writes in a transaction of their own and put a quota's refusal into words.

    Around it nothing is lost: the savepoint rolls back, an outer transaction goes on.
    ``memory_mb`` is what is asked for. Raises QuotaExceeded, or NotFound when the organization
    is gone.
    """
    try:
        with transaction.atomic():
            yield
            notices.look_after_commit(organization.id)
    except IntegrityError as error:
        if ROW_MISSING in str(error):
            # Quota and organization go together, and somebody has just deleted them.
            raise NotFound("There is no such organization.", log="no quota row") from error
        resource = _refused_resource(error)
        if resource is None:
            raise
        amount = usage(organization).of(resource)
        asked = memory_mb if resource == "memory_mb" else None
        raise exceeded(f"Cannot {verb} {what}", resource, amount, asked) from error


def set_limits(
    actor: Actor,
    organization: Organization,
    *,
    instances: int | None = None,
    memory_mb: int | None = None,
    api_keys: int | None = None,
) -> Usage:
    """Override limits of the plan; None leaves one as it is. Raises Conflict like `override`."""
    wanted: dict[Resource, int | None] = {
        "instances": instances,
        "memory_mb": memory_mb,
        "api_keys": api_keys,
    }
    return override(
        actor,
        organization,
        {resource: limit for resource, limit in wanted.items() if limit is not None},
    )


@retried_when_locked
def override(
    actor: Actor, organization: Organization, limits: Mapping[Resource, int | None]
) -> Usage:
    """Set single limits apart from the plan; None follows the plan again.

    The view has made sure that this is an operator. Raises Conflict for a limit below what is
    in use.
    """
    with transaction.atomic():
        quota = held(organization)
        before = usage_in(quota)
        for resource, limit in limits.items():
            setattr(quota, f"{resource}_override", limit)
        after = settle(quota, quota.plan)
        audit.record(
            actor,
            Action.QUOTA_UPDATE,
            organization_id=organization.id,
            object_id=organization.id,
            object_label=organization.name,
            changes={
                "before": {resource: before.of(resource).limit for resource in limits},
                "after": {resource: after.of(resource).limit for resource in limits},
            },
        )
        notices.look_after_commit(organization.id)
    return after


def _refused_resource(error: IntegrityError) -> Resource | None:
    """Read from the database's words which limit was in the way; both vendors name it."""
    words = str(error)
    for resource in RESOURCES:
        if f"instance_quotas_{resource}_within_limit" in words:
            return resource
    return None

"""How many commands a second one key of an organization may run at most.

The plan says so, or the operator for a single organization. Keys that were given more before go
on with what is allowed now: the gateway asks here with every look-up.
"""

from django.db import transaction

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from quotas import limits
from quotas.models import InstanceQuota
from redisgate.lib.errors import InvalidInput
from redisgate.lib.write_lock import retried_when_locked

MOST_RATE_LIMIT = 100_000


def ceiling(*, override: int | None, plan_most: int | None, plan_usual: int | None) -> int:
    """Say what holds: the operator's word, the plan's own ceiling, or what its keys get."""
    for limit in (override, plan_most, plan_usual):
        if limit is not None:
            return limit
    return MOST_RATE_LIMIT


def most_for(organization: Organization) -> int:
    """Say how many commands a second a key may be given."""
    quota = InstanceQuota.objects.select_related("plan").filter(pk=organization.pk).first()
    plan = None if quota is None else quota.plan
    return ceiling(
        override=None if quota is None else quota.rate_limit_override,
        plan_most=None if plan is None else plan.rate_limit_most,
        plan_usual=None if plan is None else plan.rate_limit,
    )


@retried_when_locked
def override(actor: Actor, organization: Organization, limit: int | None) -> None:
    """Set the most for one organization apart from its plan; None follows the plan again.

    The view has made sure that this is an operator. Raises InvalidInput.
    """
    if limit is not None and not 1 <= limit <= MOST_RATE_LIMIT:
        words = f"Choose between 1 and {MOST_RATE_LIMIT:,} commands a second."
        raise InvalidInput.in_field("rate_limit", words)
    with transaction.atomic():
        quota = limits.held(organization)
        before = quota.rate_limit_override
        if before == limit:
            return
        quota.rate_limit_override = limit
        quota.save(update_fields=["rate_limit_override", "updated_at"])
        audit.record(
            actor,
            Action.QUOTA_UPDATE,
            organization_id=organization.id,
            object_id=organization.id,
            object_label=organization.name,
            changes={"before": {"rate_limit": before}, "after": {"rate_limit": limit}},
        )

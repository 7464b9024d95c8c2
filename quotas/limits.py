"""How the limits that hold come to stand in an organization's row: of its plan, or overridden."""

from orgs.models import Organization
from quotas.models import InstanceQuota, Plan
from quotas.refusals import limit_below_use
from quotas.usage import RESOURCES, Amount, Resource, Usage

BUILT_IN: dict[Resource, int] = {
    resource: getattr(InstanceQuota(), f"{resource}_limit") for resource in RESOURCES
}
"""What holds where there is no plan at all."""


def held(organization: Organization) -> InstanceQuota:
    """Give the row, locked until the transaction ends."""
    return InstanceQuota.objects.select_for_update().get(organization=organization)


def settle(quota: InstanceQuota, plan: Plan | None) -> Usage:
    """Write the plan and the limits that follow from it and from the row's overrides.

    The row is locked. Raises Conflict for a limit below what is in use.
    """
    quota.plan = plan
    for resource in RESOURCES:
        limit = limit_of(resource, plan, quota)
        used: int = getattr(quota, f"{resource}_used")
        if limit < used:
            raise limit_below_use(resource, limit, used)
        setattr(quota, f"{resource}_limit", limit)
    columns = [f"{each}_{kind}" for each in RESOURCES for kind in ("limit", "override")]
    quota.save(update_fields=["plan", *columns, "updated_at"])
    return usage_in(quota)


def limit_of(resource: Resource, plan: Plan | None, quota: InstanceQuota) -> int:
    """Say which limit holds for a row under a plan."""
    override: int | None = getattr(quota, f"{resource}_override")
    if override is not None:
        return override
    of_plan: int = BUILT_IN[resource] if plan is None else getattr(plan, f"{resource}_limit")
    return of_plan


def usage_in(quota: InstanceQuota) -> Usage:
    """Read a row as values."""
    return Usage(
        instances=Amount(quota.instances_used, quota.instances_limit),
        memory_mb=Amount(quota.memory_mb_used, quota.memory_mb_limit),
        api_keys=Amount(quota.api_keys_used, quota.api_keys_limit),
    )

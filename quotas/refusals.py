"""The words of a limit: which one, the numbers and the way out."""

from http import HTTPStatus
from typing import Literal

from quotas.usage import Amount, Resource
from redisgate.lib import units
from redisgate.lib.errors import Conflict, RedisGateError

What = Literal["instance", "API key"]

WAY_OUT: dict[Resource, str] = {
    "instances": "Delete unused instances",
    "memory_mb": "Choose less memory, delete unused instances",
    "api_keys": "Revoke unused API keys",
}


class QuotaExceeded(RedisGateError):
    """The organization has used up what it may use.

    409 and not 403, because the same request by the same person succeeds once there is room.
    ``details`` hold resource, limit and used, and for memory what was asked.
    """

    code = "quota_exceeded"
    status = HTTPStatus.CONFLICT
    title = "Limit reached"


def exceeded(start: str, resource: Resource, amount: Amount, asked: int | None) -> QuotaExceeded:
    """Say why a write was refused; ``start`` is "Cannot create instance" or the like."""
    details = {"resource": resource, "limit": amount.limit, "used": amount.used}
    if asked is not None:
        details["asked"] = asked
    return QuotaExceeded(
        f"{start}: {_reason(resource, amount, asked)}. "
        f"{WAY_OUT[resource]} or ask your operator to raise the limit.",
        details=details,
    )


def limit_below_use(resource: Resource, limit: int, used: int) -> Conflict:
    """Say why a limit can't be set so low."""
    return Conflict(
        f"Cannot set the limit to {quantity(resource, limit)}: "
        f"{quantity(resource, used)} {'is' if used == 1 else 'are'} in use. "
        "Choose a higher limit, or have some of them deleted first.",
        details={"resource": resource, "limit": limit, "used": used},
    )


def plan_too_small(organization: str, plan: str, resource: Resource, amount: Amount) -> Conflict:
    """Say why an organization can't have a plan, or why its plan can't be smaller.

    ``amount`` is what is used now, against what the plan would allow.
    """
    return Conflict(
        f"{organization} uses {quantity(resource, amount.used)}, and {plan} would allow "
        f"{quantity(resource, amount.limit)}. Have some of them deleted first, or override this "
        "limit for the organization, then change the plan.",
        details={
            "organization": organization,
            "resource": resource,
            "limit": amount.limit,
            "used": amount.used,
        },
    )


def quantity(resource: Resource, number: int) -> str:
    """Say ``5 instances``, ``2 GB``, ``1 API key``."""
    if resource == "memory_mb":
        return units.memory(number)
    return units.counted(number, "instance" if resource == "instances" else "API key")


def _reason(resource: Resource, amount: Amount, asked: int | None) -> str:
    limit = quantity(resource, amount.limit)
    if resource != "memory_mb":
        return f"you have reached your limit of {limit}"
    in_use = f"{quantity(resource, amount.used)} of your limit of {limit} are in use"
    if asked is None:
        return in_use
    return f"it asks for {quantity(resource, asked)}, and {in_use}"

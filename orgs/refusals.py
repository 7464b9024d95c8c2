"""What organizations refuse as a whole."""

from orgs.models import Organization
from redisgate.lib.errors import Forbidden


class OrganizationSuspended(Forbidden):
    """An operator has suspended the organization: it can be looked at, and nothing changes."""

    code = "organization_suspended"
    title = "Organization suspended"

    def __init__(self, organization: Organization) -> None:
        reason = f" Reason: {organization.suspended_for}" if organization.suspended_for else ""
        super().__init__(
            f"{organization.name} is suspended, so nothing can be changed.{reason} "
            "Ask the operator of this RedisGate to resume it.",
            log="organization suspended",
        )

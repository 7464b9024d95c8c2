"""One at a time, where what is allowed depends on who else is in an organization."""

from uuid import UUID

from orgs.models import Organization
from orgs.refusals import OrganizationSuspended
from redisgate.lib.errors import Conflict, NotFound


def hold(organization_id: UUID) -> Organization:
    """Keep others from changing an organization's people until this transaction ends.

    Raises NotFound when it is gone, and what `refuse_closed` does.
    """
    organization = row(organization_id)
    if organization is None:
        raise NotFound("There is no such organization.", log="organization not found")
    refuse_closed(organization)
    return organization


def row(organization_id: UUID) -> Organization | None:
    """Lock whatever is left of an organization."""
    # NO KEY, because who creates something takes the quota's lock, then a share of the key.
    rows = Organization.objects.select_for_update(no_key=True)
    return rows.filter(pk=organization_id).first()


def refuse_closed(organization: Organization) -> None:
    """Raise Conflict while it is being deleted, OrganizationSuspended while it is that."""
    refuse_deleting(organization)
    if organization.is_suspended:
        raise OrganizationSuspended(organization)


def refuse_deleting(organization: Organization) -> None:
    if organization.is_deleting:
        raise Conflict(
            f"{organization.name} is being deleted, so nothing can be changed in it any more.",
            log=f"organization {organization.pk} is being deleted",
        )

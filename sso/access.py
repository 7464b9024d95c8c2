"""The one door to what single sign-on keeps of an organization."""

from uuid import UUID

from orgs.access import Access
from redisgate.lib.errors import NotFound
from sso.models import Domain


def domain_of(entered: Access, domain: UUID) -> Domain:
    """Find a domain of the organization, or raise NotFound."""
    found = Domain.objects.filter(organization=entered.organization, pk=domain).first()
    if found is None:
        raise NotFound("There is no such domain.", log="domain not found")
    return found

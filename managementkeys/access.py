"""The one door to an organization's management keys."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from managementkeys.models import ManagementKey
from orgs.access import Access
from orgs.models import Membership
from redisgate.lib.errors import NotFound


def keys_of(access: Access) -> QuerySet[ManagementKey]:
    keys = ManagementKey.objects.filter(organization=access.organization)
    makers = Membership.objects.filter(
        organization=access.organization, user=OuterRef("created_by")
    )
    return keys.select_related("created_by").annotate(is_orphaned=~Exists(makers))


def find(access: Access, key: UUID) -> ManagementKey:
    """Find one by id; a foreign one and one that never was look alike."""
    found = keys_of(access).filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such management key.", log="management key not found")
    return found

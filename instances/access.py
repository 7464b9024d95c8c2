"""The one door to an organization's instances."""

from uuid import UUID

from django.db.models import QuerySet

from instances.models import Instance
from orgs.access import Access
from redisgate.lib import log_context
from redisgate.lib.errors import NotFound


def instances_of(access: Access) -> QuerySet[Instance]:
    return Instance.objects.filter(organization=access.organization)


def find(access: Access, ref: UUID | str) -> Instance:
    """Find one by id (UUID) or slug (str); a foreign one and one that never was look alike."""
    which = {"pk": ref} if isinstance(ref, UUID) else {"slug": ref}
    instance = instances_of(access).filter(**which).first()
    if instance is None:
        raise NotFound(
            "There is no such instance. It may have been deleted.", log="instance not found"
        )
    log_context.bind(instance=instance.pk)
    # The organization is known already; reading it again would be a query for each caller.
    instance.organization = access.organization
    return instance

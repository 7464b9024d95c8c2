"""What people call the ACL users of keys."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from apikeys.models import ApiKey


def names(organization_id: UUID, users: Iterable[str]) -> Mapping[str, str]:
    keys = ApiKey.objects.filter(organization=organization_id, prefix__in=list(users))
    return dict(keys.values_list("prefix", "name"))

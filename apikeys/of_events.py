"""Where the audit log finds what happened to API keys."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse

from apikeys.models import ApiKey
from orgs.models import Organization

TYPES = ("api_key",)


def pages(organization: Organization, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give each key's place in the list in which it stands."""
    keys = ApiKey.objects.filter(organization=organization, pk__in=ids)
    page = reverse("apikeys:list", args=[organization.slug])
    return {
        pk: f"{page}{'?show=revoked' if revoked_at else ''}#key-{pk}"
        for pk, revoked_at in keys.values_list("pk", "revoked_at")
    }

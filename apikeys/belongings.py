"""API keys as others count them: what somebody made, what an organization has."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.models import User
from apikeys.models import ApiKey
from orgs.access import Access
from orgs.belongings import Belonging
from orgs.contents import Content
from orgs.models import Organization
from orgs.roles import Permission
from redisgate.lib import units


def keys_made_by(access: Access, person: User) -> list[Belonging]:
    """Return those that still open something; they belong to the organization and stay."""
    keys = ApiKey.objects.filter(organization=access.organization, created_by=person).active()
    return [Belonging(key.name, key.hint, _revoke_url(access, key)) for key in keys]


def contents(organization: Organization) -> Sequence[Content]:
    """Count the keys that open something."""
    number = ApiKey.objects.filter(organization=organization).active().count()
    return [Content("api_keys", number, units.counted(number, "API key"))]


def _revoke_url(access: Access, key: ApiKey) -> str:
    if not access.may(Permission.API_KEY_REVOKE):
        return ""
    return reverse("apikeys:revoke", args=[access.organization.slug, key.pk])

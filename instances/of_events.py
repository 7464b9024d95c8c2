"""Where the audit log finds what happened to instances."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse

from instances.models import Instance
from instances.states import Wish
from orgs.models import Organization

TYPES = ("instance", "console", "data")


def pages(organization: Organization, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the pages of those instances that are still there."""
    there = Instance.objects.filter(organization=organization, pk__in=ids)
    slugs = there.exclude(wish=Wish.DELETED).values_list("pk", "slug")
    return {pk: reverse("instances:detail", args=[organization.slug, slug]) for pk, slug in slugs}

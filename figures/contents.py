"""How much data an organization has, as far as its servers were looked at lately."""

from collections.abc import Sequence

from figures import recent
from figures.series import Unit
from figures.table import said
from instances.models import Instance
from orgs.contents import Content
from orgs.models import Organization


def contents(organization: Organization) -> Sequence[Content]:
    ids = Instance.objects.filter(organization=organization).values_list("pk", flat=True)
    used = sum(point.get("used", 0) for point in recent.newest(list(ids)).values())
    return [Content("data_bytes", used, f"{said(used, Unit.BYTES)} of data in memory")]

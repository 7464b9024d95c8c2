"""What every page needs to draw the organization switcher."""

from django.db.models import F
from django.http import HttpRequest

from accounts.models import User
from orgs import access


def organizations(request: HttpRequest) -> dict[str, object]:
    """Give the person's organizations; lazy, so pages that don't draw the switcher don't pay."""
    # A page that fails before anybody is known has no user at all.
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    mine = access.organizations_of(user)
    return {"my_organizations": mine.annotate(role=F("memberships__role"))}

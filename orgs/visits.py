"""Which organization a person was in last: a cookie of their browser, so that it outlives log-ins.

It opens nothing. Whoever comes with it lands there only while they may.
"""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from orgs import access
from orgs.models import Organization

COOKIE = "rg_last_organization"
YEAR_SECONDS = 365 * 24 * 3600


def remember(request: HttpRequest, response: HttpResponse, organization: Organization) -> None:
    if request.COOKIES.get(COOKIE) == str(organization.pk):
        return
    response.set_cookie(
        COOKIE,
        str(organization.pk),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_of(request: HttpRequest, user: User) -> Organization | None:
    """Give the organization of the last visit, unless it has gone or is closed to the person."""
    try:
        visited = UUID(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None
    if visited in access.closed_to(user):
        return None
    return access.organizations_of(user).filter(pk=visited, deleting_since=None).first()

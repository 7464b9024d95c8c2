"""Pages for what went wrong, in the frame that the person knows.

Whoever is logged in keeps the sidebar, and the organization that they are in. Everybody else, and
whatever breaks while nobody knows why, gets a page that needs nothing to be drawn.
"""

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.template.loader import render_to_string

from accounts.models import User
from orgs import access
from orgs.models import Organization
from redisgate.lib import request_id


def render(
    request: HttpRequest, template: str, status: HTTPStatus, **values: object
) -> HttpResponse:
    """Draw an error page in the console's frame for whoever is logged in."""
    values["request_id"] = request_id.current()
    user = getattr(request, "user", None)
    if isinstance(user, User):
        values.update(frame="layouts/app.html", organization=_organization(request, user))
    return render_page(request, template, values, status=status)


def render_bare(template: str, status: HTTPStatus) -> HttpResponse:
    """Draw an error page without context, database or URL lookup."""
    page = render_to_string(template, {"request_id": request_id.current()})
    return HttpResponse(page, status=status)


def _slug(request: HttpRequest) -> str | None:
    """Read which organization an address is about, even one that leads nowhere in it."""
    if request.resolver_match:
        return request.resolver_match.kwargs.get("org")
    found = re.match(r"/orgs/([^/]+)/", request.path_info)
    return found[1] if found else None


def _organization(request: HttpRequest, user: User) -> Organization | None:
    """Give the organization of the address where the person may be in it now."""
    slug = _slug(request)
    here = access.organizations_of(user).filter(slug=slug).first() if slug else None
    return None if here is None or here.pk in access.closed_to(user) else here

"""Ask who it is once more before something that can't be undone.

A browser that was left open, or a stolen cookie, must not be enough to delete things for good.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    suspend_request,
)
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from rest_framework.request import Request

from accounts.refusals import NotProven
from redisgate.lib.htmx import is_htmx

P = ParamSpec("P")


def is_recent(request: HttpRequest) -> bool:
    """Say whether this session gave its password or second factor in the last five minutes.

    People without either, who come by single sign-on alone, have nothing to give here.
    """
    return bool(did_recently_reauthenticate(request))


def require_of_sessions(request: Request) -> None:
    """Refuse in the API what a page would ask about first: a cookie is not enough for it.

    A program's token or key was made for such things. Raises NotProven.
    """
    if request.auth is None and not is_recent(request._request):
        raise NotProven(
            f"Show that it is you at {reverse('account_reauthenticate')} first, then try again "
            "within five minutes. Or come with an access token instead of a browser's session."
        )


def required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send whoever posts to this page to prove who they are first; what they posted waits.

    Stands below ``login_required``. Reading the page asks for nothing. htmx is told to open the
    question as a page, and comes back to the page it stood on.
    """

    @wraps(view)
    def asking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in {"GET", "HEAD"} or is_recent(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return asking


def _ask(request: HttpRequest) -> HttpResponse:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = methods[0]["url"] if methods else reverse("account_login")
    if is_htmx(request):
        back = {"next": request.headers.get("HX-Current-URL", "/")}
        return HttpResponse(status=204, headers={"HX-Redirect": f"{url}?{urlencode(back)}"})
    response: HttpResponse = suspend_request(request, url)
    return response

"""Pages on which people go to an identity provider and come back from it."""

import logging
from http import HTTPStatus

from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from redisgate.lib.resolving import on_behalf_of
from sso import oidc, saml, sources
from sso.admission import LOGIN
from sso.forms import AddressForm
from sso.models import Protocol
from sso.refusals import ProviderFailed
from sso.sources import Source

RATE = "login"
"""Which of allauth's limits counts visits here; it counts by address of the visitor."""

log = logging.getLogger("redisgate.sso")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for an email address, and lead to whoever vouches for its domain."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limited := too_often(request):
            return limited
        source = sources.for_address(form.cleaned_data["address"])
        if source is not None:
            return hand_over(request, source)
        form.add_error(
            "address",
            "There is no single sign-on for such an address. Log in with your password instead.",
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "next": get_next_redirect_url(request)}
    return render(request, "sso/find.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to one provider; only a press on a button goes there."""
    source = sources.find(key)
    if source is None or not source.is_on:
        raise Http404
    if request.method != "POST":
        context = {"source": source, "next": get_next_redirect_url(request)}
        return render(request, "sso/start.html", context)
    if limited := too_often(request):
        return limited
    return hand_over(request, source)


def hand_over(request: HttpRequest, source: Source, **kwargs: object) -> HttpResponse:
    """Answer with a page that leads to the provider. Raises ProviderFailed.

    Not with a redirect: a browser that obeys our form-action policy follows none to other sites.
    """
    going = {"process": LOGIN, "next_url": get_next_redirect_url(request), **kwargs}
    try:
        provider = get_adapter(request).get_provider(request, provider=source.key)
        with on_behalf_of(source.key):
            redirect = provider.redirect(saml.at_public_address(request), **going)
    except ImmediateHttpResponse as refusal:
        return _response(refusal)
    except RequestException as error:
        raise _failed(source, error) from error
    if not isinstance(redirect, HttpResponseRedirect):
        raise _failed(source, None)
    context = {"source": source, "url": redirect.url}
    return render(request, "sso/hand_over.html", context)


@never_cache
@require_safe
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the answer of an OpenID provider."""
    source = known(provider_id, Protocol.OIDC)
    view = OAuth2CallbackView.adapter_view(oidc.Adapter(request, provider_id))
    try:
        with on_behalf_of(source.key):
            answer: HttpResponse = view(request)
    except (RequestException, KeyError, ValueError, TypeError) as error:
        # What a provider sends may have any shape; django-allauth reads it as it should be.
        raise _failed(source, error) from error
    return answer


def too_often(request: HttpRequest) -> HttpResponse | None:
    """Answer 429 where somebody comes too often."""
    answer: HttpResponse | None = ratelimit.consume_or_429(request, action=RATE)
    return answer


def known(key: str, protocol: Protocol) -> Source:
    """Find a provider of this protocol, or answer 404."""
    source = sources.find(key)
    if source is None or source.protocol != protocol:
        raise Http404
    return source


def _failed(source: Source, error: Exception | None) -> ProviderFailed:
    log.warning("identity provider %s: %s", source.key, type(error).__name__)
    return ProviderFailed(
        f"{source.name} can't be reached, or answered in a way that makes no sense. Try again in "
        f"a moment; if it stays like this, tell whoever runs {source.name}."
    )


def _response(refusal: ImmediateHttpResponse) -> HttpResponse:
    response: HttpResponse = refusal.response
    return response

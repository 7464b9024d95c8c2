"""SAML's side doors: our metadata, and answers of providers."""

import base64
import binascii
from collections.abc import Callable

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.providers.saml.utils import build_saml_config
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from lxml.etree import XMLSyntaxError
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from sso.models import Protocol
from sso.refusals import SignInRefused
from sso.saml import at_public_address
from sso.sign_in import known, too_often

LARGEST_ANSWER = 256 * 1024
"""Characters of an answer. It waits in a session of its own, and anybody may send one."""

_acs: Callable[..., HttpResponse] = views.acs
_finish: Callable[..., HttpResponse] = views.finish_acs


@csrf_exempt
@require_POST
def acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Take a provider's answer, if it is one at all."""
    known(organization_slug, Protocol.SAML)
    if limited := too_often(request):
        return limited
    answer = request.POST.get("SAMLResponse", "")
    if len(answer) > LARGEST_ANSWER or not _is_xml(answer):
        raise _unreadable()
    return _acs(at_public_address(request), organization_slug=organization_slug)


@never_cache
@require_safe
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Judge the answer, in the session that asked for it."""
    known(organization_slug, Protocol.SAML)
    try:
        return _finish(at_public_address(request), organization_slug=organization_slug)
    except PermissionDenied as error:
        # Nobody waits for it: it was asked for elsewhere, long ago, or has been used.
        raise SignInRefused(
            "This answer was used before, or you have waited too long. Sign in again.",
            log="answer that nobody waits for",
        ) from error
    except ProviderException as error:
        raise _unreadable() from error


@require_safe
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Say what a provider needs to know of us."""
    source = known(organization_slug, Protocol.SAML)
    provider = get_adapter(request).get_provider(request, provider=source.key)
    config = build_saml_config(at_public_address(request), provider.app.settings, source.key)
    del config["sp"]["singleLogoutService"]  # we offer none
    told = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(told, content_type="text/xml")


def _is_xml(answer: str) -> bool:
    try:
        OneLogin_Saml2_XML.to_etree(base64.b64decode(answer, validate=True))
    except (binascii.Error, XMLSyntaxError, ValueError):
        return False
    return True


def _unreadable() -> SignInRefused:
    return SignInRefused(
        "The identity provider sent an answer that can't be read. Sign in again, or tell whoever "
        "runs it.",
        log="unreadable SAML answer",
    )

"""Addresses that identity providers know, in place of django-allauth's views of the same names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from sso import saml_views, sign_in


def _not_here(request: HttpRequest, **_: str) -> HttpResponse:
    """Hide a page that django-allauth brings along and that has a better one here, or none."""
    raise Http404


urlpatterns = [
    path("oidc/<slug:provider_id>/login/callback/", sign_in.oidc_callback),
    path("oidc/<slug:provider_id>/login/", _not_here),
    path("saml/<slug:organization_slug>/acs/", saml_views.acs),
    path("saml/<slug:organization_slug>/acs/finish/", saml_views.finish),
    path("saml/<slug:organization_slug>/metadata/", saml_views.metadata),
    path("saml/<slug:organization_slug>/login/", _not_here),
    path("saml/<slug:organization_slug>/sls/", _not_here),
    # An account is linked by its verified address alone: no form asks for another one.
    path("3rdparty/", _not_here),
    path("3rdparty/signup/", _not_here),
]

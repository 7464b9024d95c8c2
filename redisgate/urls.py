"""Every room's URLs in one list."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from instances.operations_api import OperationDetail
from operators.stats import stats
from redisgate import views
from redisgate.openapi import views as openapi

# One door for everybody: the admin's own login page knows no limit for guesses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("observability.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("sso.return_urls")),
    path("accounts/", include("allauth.urls")),
    path("sso/", include("sso.urls")),
    path("auth/", include("accounts.api_urls")),
    path("orgs/", include("orgs.urls")),
    path("invitations/", include("orgs.invitations.urls")),
    path("orgs/<slug:org>/settings/sso/", include("sso.settings_urls")),
    path("orgs/<slug:org>/overview/", include("overview.urls")),
    path("orgs/<slug:org>/quota", include("quotas.urls")),
    path("orgs/<slug:org>/audit/", include("activity.urls")),
    path("orgs/<slug:org>/instances/", include("instances.urls")),
    path("orgs/<slug:org>/instances/", include("figures.urls")),
    path("orgs/<slug:org>/instances/<slug:instance>/console/", include("console.urls")),
    path("orgs/<slug:org>/instances/<slug:instance>/data/", include("browser.urls")),
    path("orgs/<slug:org>/api-keys/", include("apikeys.urls")),
    path("api/invitations", include("orgs.invitations.api_urls")),
    path("orgs/<slug:org>/start/", include("welcome.urls")),
    path("orgs/<slug:org>/usage/", include("metering.urls")),
    path("", include("palette.urls")),
    path("api/organizations", include("orgs.api_urls")),
    path("api/organizations/<uuid:org>/sso", include("sso.api_urls")),
    path("api/organizations/<uuid:org>/quota", include("quotas.api_urls")),
    path("api/organizations/<uuid:org>/usage", include("metering.api_urls")),
    path("api/plans", include("quotas.plans_api_urls")),
    path("api/organizations/<uuid:org>/audit-events", include("activity.api_urls")),
    path("api/organizations/<uuid:org>/instances", include("instances.api_urls")),
    path("api/organizations/<uuid:org>/instances", include("figures.api_urls")),
    path("api/organizations/<uuid:org>/api-keys", include("apikeys.api_urls")),
    path("orgs/<slug:org>/management-keys/", include("managementkeys.urls")),
    path("api/organizations/<uuid:org>/management-keys", include("managementkeys.api_urls")),
    path("api/organizations/<uuid:org>/operations/<str:operation>", OperationDetail.as_view()),
    path("api", openapi.index, name="api"),
    path("api/schema", openapi.schema, name="schema"),
    path("api/docs", openapi.swagger, name="docs"),
    path("api/docs/redoc", openapi.redoc, name="redoc"),
    path("stats", stats, name="stats"),
    path("operators/", include("operators.urls")),
    path("api/operators", include("operators.api_urls")),
    path("admin/", admin.site.urls),
    path("", include("gateway.urls")),
]

handler400 = "redisgate.views.bad_request"
handler403 = "redisgate.views.forbidden"
handler404 = "redisgate.views.not_found"
handler429 = "accounts.limits.refuse"  # allauth asks for it
handler500 = "redisgate.views.server_error"

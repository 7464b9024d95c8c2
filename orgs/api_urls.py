"""Organizations in the management API. A trailing slash means the same as none."""

from django.urls import path

from orgs.api import OrganizationDetail, OrganizationList

app_name = "orgs_api"
urlpatterns = [
    path("", OrganizationList.as_view(), name="list"),
    path("/", OrganizationList.as_view()),
    path("/<uuid:org>", OrganizationDetail.as_view(), name="detail"),
    path("/<uuid:org>/", OrganizationDetail.as_view()),
]

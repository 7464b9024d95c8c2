"""Organizations in the management API."""

from django.urls import path

from orgs.api import OrganizationDetail, OrganizationList

app_name = "orgs_api"
urlpatterns = [
    path("", OrganizationList.as_view(), name="list"),
    path("/<uuid:org>", OrganizationDetail.as_view(), name="detail"),
]

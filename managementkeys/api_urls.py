"""URLs of this room in the management API."""

from django.urls import path

from managementkeys import api

app_name = "managementkeys_api"
urlpatterns = [
    path("", api.ManagementKeyList.as_view(), name="list"),
    path("/<uuid:management_key>", api.ManagementKeyDetail.as_view(), name="detail"),
]

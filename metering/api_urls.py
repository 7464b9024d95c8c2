"""URLs of this room in the management API."""

from django.urls import path

from metering.api import UsageFile, UsageView

app_name = "metering_api"
urlpatterns = [
    path("", UsageView.as_view(), name="usage"),
    path(".csv", UsageFile.as_view(), name="csv"),
]

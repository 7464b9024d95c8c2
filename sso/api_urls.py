"""URLs of this room in the management API."""

from django.urls import path

from sso.api import SsoView

app_name = "sso_api"
urlpatterns = [
    path("", SsoView.as_view(), name="sso"),
]

"""URLs of this room in the management API."""

from django.urls import path

from quotas.api import QuotaView

app_name = "quotas_api"
urlpatterns = [
    path("", QuotaView.as_view(), name="quota"),
]

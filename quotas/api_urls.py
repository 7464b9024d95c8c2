"""URLs of this room in the management API."""

from django.urls import path

from quotas.api import QuotaView
from quotas.plans_api import OrganizationPlan

app_name = "quotas_api"
urlpatterns = [
    path("", QuotaView.as_view(), name="quota"),
    path("/plan", OrganizationPlan.as_view(), name="plan"),
]

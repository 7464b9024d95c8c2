"""URLs of plans in the management API."""

from django.urls import path

from quotas.plans_api import PlanDetail, PlanList

app_name = "plans_api"
urlpatterns = [
    path("", PlanList.as_view(), name="list"),
    path("/<uuid:plan>", PlanDetail.as_view(), name="detail"),
]

"""URLs of this room in the management API."""

from django.urls import path

from operators.api import OperatorOverview

app_name = "operators_api"
urlpatterns = [path("/overview", OperatorOverview.as_view(), name="overview")]

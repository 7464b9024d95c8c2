"""URLs of this room in the management API."""

from django.urls import URLPattern

app_name = "quotas_api"
urlpatterns: list[URLPattern] = []

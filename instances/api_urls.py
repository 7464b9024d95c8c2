"""URLs of this room in the management API."""

from django.urls import URLPattern

app_name = "instances_api"
urlpatterns: list[URLPattern] = []

"""URLs of this room."""

from django.urls import URLPattern

app_name = "instances"
urlpatterns: list[URLPattern] = []

"""URLs of this room."""

from django.urls import URLPattern

app_name = "observability"
urlpatterns: list[URLPattern] = []

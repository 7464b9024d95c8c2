"""URLs of this room."""

from django.urls import URLPattern

app_name = "apikeys"
urlpatterns: list[URLPattern] = []

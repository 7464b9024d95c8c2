"""URLs of this room."""

from django.urls import URLPattern, path

from orgs.overview import overview

app_name = "orgs"
urlpatterns: list[URLPattern] = [
    path("<slug:org>/", overview, name="overview"),
]

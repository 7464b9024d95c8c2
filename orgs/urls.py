"""URLs of this room."""

from django.urls import URLPattern, path

from orgs import views
from orgs.overview import overview

app_name = "orgs"
urlpatterns: list[URLPattern] = [
    # "new" stands where a slug would: orgs/validation.py keeps it from becoming one.
    path("", views.organization_list, name="list"),
    path("new/", views.create, name="create"),
    path("<slug:org>/", overview, name="overview"),
    path("<slug:org>/settings/", views.settings, name="settings"),
    path("<slug:org>/delete/", views.delete, name="delete"),
]

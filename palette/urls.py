"""URLs of this room: one for each organization, and one for pages that belong to none."""

from django.urls import path

from palette import views

app_name = "palette"
urlpatterns = [
    path("orgs/<slug:org>/palette/", views.of_organization, name="organization"),
    path("palette/", views.of_person, name="person"),
]

"""URLs of this room, below /orgs/<org>/instances/<instance>/console/."""

from django.urls import path

from console import views

app_name = "console"
urlpatterns = [
    path("", views.console, name="console"),
]

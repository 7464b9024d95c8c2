"""URLs of this room, below /orgs/<org>/overview/."""

from django.urls import path

from overview import views

app_name = "overview"
urlpatterns = [
    path("now/", views.now, name="now"),
    path("hints/", views.put_off, name="put_off"),
]

"""URLs of this room, below /orgs/<org>/start/."""

from django.urls import path

from welcome import views

app_name = "welcome"
urlpatterns = [
    path("", views.start, name="start"),
    path("news/", views.news, name="news"),
    path("<uuid:key>/", views.connect, name="connect"),
]

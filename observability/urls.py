"""URLs of this room."""

from django.urls import path

from observability import scrape, views

app_name = "observability"
urlpatterns = [
    path("health", views.full, name="health"),
    path("health/live", views.live, name="live"),
    path("health/startup", views.startup, name="startup"),
    path("health/ready", views.ready, name="ready"),
    path("version", views.version, name="version"),
    path("metrics", scrape.metrics, name="metrics"),
]

"""URLs of this room in the management API, below an instance's."""

from django.urls import path

from figures import api

app_name = "figures_api"
urlpatterns = [
    path("/<uuid:instance>/metrics", api.Metrics.as_view(), name="metrics"),
    path("/<uuid:instance>/commands", api.Commands.as_view(), name="commands"),
    path("/<uuid:instance>/slowlog", api.SlowLog.as_view(), name="slow_log"),
    path("/<uuid:instance>/clients", api.Clients.as_view(), name="clients"),
    path("/<uuid:instance>/clients/<int:client>", api.ClientDetail.as_view(), name="client"),
]

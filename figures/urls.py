"""URLs of this room, below /orgs/<org>/instances/."""

from django.urls import path

from figures import views

app_name = "figures"
urlpatterns = [
    path("<slug:instance>/metrics/", views.charts, name="metrics"),
    path("<slug:instance>/metrics/commands/", views.commands, name="commands"),
    path("<slug:instance>/metrics/slowlog/", views.slow_commands, name="slow_log"),
    path("<slug:instance>/metrics/clients/", views.connected, name="clients"),
    path("<slug:instance>/metrics/clients/disconnect/", views.disconnect, name="disconnect"),
]

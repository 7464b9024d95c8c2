"""URLs of this room, below /orgs/<org>/instances/."""

from django.urls import path

from instances import (
    action_views,
    adoption_views,
    bulk_views,
    connection_views,
    settings_views,
    views,
)

app_name = "instances"
urlpatterns = [
    path("", views.instance_list, name="list"),
    path("new/", views.create, name="create"),
    path("adopt/", adoption_views.adopt, name="adopt"),
    path("<slug:instance>/server/", adoption_views.server, name="server"),
    path("bulk/", bulk_views.bulk, name="bulk"),
    path("example/", views.example, name="example"),
    path("<slug:instance>/", views.detail, name="detail"),
    path("<slug:instance>/row/", views.row, name="row"),
    path("<slug:instance>/start/", action_views.start, name="start"),
    path("<slug:instance>/stop/", action_views.stop, name="stop"),
    path("<slug:instance>/restart/", action_views.restart, name="restart"),
    path("<slug:instance>/delete/", action_views.delete, name="delete"),
    path("<slug:instance>/settings/", settings_views.settings, name="settings"),
    path(
        "<slug:instance>/settings/<slug:section>/",
        settings_views.change,
        name="change",
    ),
    path(
        "<slug:instance>/connections/",
        connection_views.connections_page,
        name="connections",
    ),
    path(
        "<slug:instance>/test-connection/",
        action_views.test_connection,
        name="test_connection",
    ),
]

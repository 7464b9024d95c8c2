"""URLs of this room in the management API."""

from django.urls import path

from instances import api, connection_api, services

app_name = "instances_api"
act = api.InstanceAction.as_view
urlpatterns = [
    path("", api.InstanceList.as_view(), name="list"),
    path("/check-server", api.ServerCheck.as_view(), name="check_server"),
    path("/<uuid:instance>/address", api.InstanceAddress.as_view(), name="address"),
    path("/bulk", api.InstanceBulk.as_view(), name="bulk"),
    path("/<uuid:instance>", api.InstanceDetail.as_view(), name="detail"),
    path("/<uuid:instance>/start", act(action=services.start), name="start"),
    path("/<uuid:instance>/stop", act(action=services.stop), name="stop"),
    path("/<uuid:instance>/restart", act(action=services.restart), name="restart"),
    path("/<uuid:instance>/test-connection", connection_api.InstanceTest.as_view(), name="test"),
    path(
        "/<uuid:instance>/connections",
        connection_api.InstanceConnections.as_view(),
        name="connections",
    ),
    path("/<uuid:instance>/rotate-password", api.InstancePassword.as_view(), name="password"),
]

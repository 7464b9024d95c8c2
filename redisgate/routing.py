"""Every room's WebSocket URLs in one router."""

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from console.consumers import Console
from instances.consumers import InstanceDetail, InstanceList
from overview.consumers import LiveOverview
from welcome.consumers import FirstCommand

# Django's path() is typed for HTTP views; channels documents it for consumers all the same.
websocket = URLRouter(
    [
        path("ws/orgs/<uuid:org>/", InstanceList.as_asgi()),  # type: ignore[arg-type, list-item]
        path("ws/orgs/<uuid:org>/overview/", LiveOverview.as_asgi()),  # type: ignore[arg-type, list-item]
        path(
            "ws/orgs/<uuid:org>/instances/<uuid:instance>/",
            InstanceDetail.as_asgi(),  # type: ignore[arg-type]
        ),  # type: ignore[list-item]
        path(
            "ws/orgs/<uuid:org>/instances/<uuid:instance>/console/",
            Console.as_asgi(),  # type: ignore[arg-type]
        ),  # type: ignore[list-item]
        path("ws/orgs/<uuid:org>/start/", FirstCommand.as_asgi()),  # type: ignore[arg-type, list-item]
        # Without a route the router would raise, and anybody could fill the log with tracebacks.
        re_path(r"", WebsocketDenier.as_asgi()),  # type: ignore[arg-type, list-item]
    ]
)

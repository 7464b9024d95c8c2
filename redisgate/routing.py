"""Every room's WebSocket URLs in one router."""

from channels.routing import URLRouter
from django.urls import path

from instances.consumers import InstanceDetail, InstanceList

websocket = URLRouter(
    [
        path("ws/orgs/<uuid:org>/", InstanceList.as_asgi()),
        path("ws/orgs/<uuid:org>/instances/<uuid:instance>/", InstanceDetail.as_asgi()),
    ]
)

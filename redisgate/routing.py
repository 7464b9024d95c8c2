"""Every room's WebSocket URLs in one router."""

from channels.routing import URLRouter

websocket = URLRouter([])

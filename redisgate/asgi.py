"""What the web workers serve: pages and APIs over HTTP, live updates over WebSocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
http = get_asgi_application()

from gateway.asgi import CommandsAside, lifespan  # noqa: E402  views need the apps to be loaded
from redisgate import routing  # noqa: E402  consumers need them too

application = ProtocolTypeRouter(
    {
        "http": CommandsAside(http),
        "lifespan": lifespan,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routing.websocket)),
    }
)

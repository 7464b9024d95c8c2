"""What the web workers serve: pages and APIs over HTTP, live updates over WebSocket."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
pages = get_asgi_application()

from gateway.asgi import CommandsAside, lifespan  # noqa: E402  views need the apps to be loaded
from gateway.asgi_limits import BodyLimit, Refusal, Scope  # noqa: E402
from observability import http_counts, queries, query_counts, websockets  # noqa: E402  metrics late
from observability.traced_requests import TracedRequests  # noqa: E402
from redisgate import outage, problems, routing  # noqa: E402  consumers need them too
from redisgate.lib.errors import RedisGateError  # noqa: E402
from redisgate.middleware.origins import SameOrigin  # noqa: E402
from redisgate.middleware.socket_scopes import SocketScopes  # noqa: E402


def _body_refusal(scope: Scope, error: RedisGateError) -> Refusal:
    """Refuse a body before Django's middleware, which would count it."""
    http_counts.count(scope["method"], http_counts.UNKNOWN, int(error.status))
    return problems.body_refusal(scope, error)


queries.listen(query_counts.count)
outage.let_pool_say_why()
http = CommandsAside(BodyLimit(pages, settings.DATA_UPLOAD_MAX_MEMORY_SIZE, _body_refusal))
application = ProtocolTypeRouter(
    {
        "http": TracedRequests(http) if settings.TRACING else http,
        "lifespan": lifespan,
        "websocket": websockets.Counted(
            SocketScopes(SameOrigin(AuthMiddlewareStack(routing.websocket)))
        ),
    }
)

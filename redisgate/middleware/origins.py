"""Only pages of ours may open sockets.

A browser sends our cookies along from every port of our host, so the host's name alone says too
little about who asks.
"""

from typing import TYPE_CHECKING, cast

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

if TYPE_CHECKING:
    from channels.consumer import _ChannelScope
    from channels.utils import _ChannelApplication


class SameOrigin:
    """Deny sockets whose Origin is neither the address they came to nor a trusted one."""

    def __init__(self, app: "_ChannelApplication") -> None:
        self._app = cast("ASGI3Application", app)
        self._denier = WebsocketDenier.as_asgi()  # a consumer for each socket

    async def __call__(
        self, scope: "_ChannelScope", receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin", "")
        is_ours = origin in settings.CSRF_TRUSTED_ORIGINS or origin == _own_origin(
            scope["scheme"], headers.get(b"host", "")
        )
        answer = self._app if is_ours else self._denier
        await answer(scope, receive, send)


def _own_origin(scheme: str, host: str) -> str | None:
    """Give the origin of a page at this address, or None when the address isn't ours."""
    domain, _ = split_domain_port(host)
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    return f"{'https' if scheme == 'wss' else 'http'}://{host}"

"""The complete door to the command API: one DRF view for every path below an instance."""

import logging
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.views import APIView

from gateway import core, parsing, runtime
from gateway.admission import admit
from gateway.errors import UnknownInstance
from gateway.headers import preflight_headers, response_headers
from redisgate.lib.errors import RedisGateError

log = logging.getLogger("gateway.api")

SERVER_ERROR = core.Response(
    500, b'{"error":"ERR internal error. It is unknown whether the command ran."}'
)


class CommandView(APIView):
    """Run Redis commands over HTTP.

    The bearer token is the only credential: no cookie, no session, no CSRF token. Parsing and
    rendering are the core's, so DRF's own are out of the way, and Content-Type is ignored.
    """

    authentication_classes = ()
    permission_classes = ()

    # Asynchronous as a whole, so that the worker's one loop holds the connections.
    async def dispatch(  # type: ignore[override]
        self, request: HttpRequest, *_args: object, **_kwargs: object
    ) -> HttpResponseBase:
        if request.method == "OPTIONS":
            requested = request.headers.get("Access-Control-Request-Headers", "")
            return HttpResponse(status=204, headers=preflight_headers(requested))
        response = await self._respond(request)
        request_id = request.headers.get("X-Request-Id", "")
        answer = HttpResponse(
            b"" if request.method == "HEAD" else response.body,
            status=response.status,
            headers=response_headers(response, request_id=request_id),
        )
        # Django would log a warning with the path, which holds people's data, for every 4xx.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer

    # `dispatch` answers every method itself. Django asks these whether the view is asynchronous,
    # and the API's documentation lists them.
    async def get(self, request: HttpRequest) -> HttpResponseBase:
        return await self.dispatch(request)

    head = put = post = get

    async def _respond(self, request: HttpRequest) -> core.Response:
        try:
            return await run(request)
        except RedisGateError as error:
            return core.refused(error)
        except Exception:
            # The last hold: a dropped socket or a page in HTML would make clients write again.
            log.exception("the command API failed on %s", request.method)
            return SERVER_ERROR


async def run(request: HttpRequest) -> core.Response:
    """Take one HTTP request the whole way. Raises RedisGateError."""
    shared = runtime.current()
    query = request.META.get("QUERY_STRING", "").encode()
    token = parsing.find_token(_header(request, "Authorization"), query)
    principal = await shared.keys.get(token)
    instance_id, rest = _split(_raw_path(request))
    target = await shared.instances.get(instance_id)
    admit(principal, target)
    understood = parsing.parse(request.method or "", rest, query, request.read(), shared.limits)
    understood.is_base64 = parsing.wants_base64(_header(request, "Upstash-Encoding"))
    parsing.refuse_unoffered(
        understood.kind,
        response_format=_header(request, "Upstash-Response-Format")
        or _header(request, "Upstash-Reponse-Format"),  # as Upstash's documentation spells it too
        block=_header(request, "Redisgate-Block"),
    )
    return await core.execute(understood, principal, target, shared.upstreams)


def _header(request: HttpRequest, name: str) -> bytes:
    return request.headers.get(name, "").encode("latin-1")


def _raw_path(request: HttpRequest) -> bytes:
    """Give the path as it was sent; Django's own is decoded, and ``%2F`` lost in it."""
    scope = getattr(request, "scope", None)
    if scope is None or "raw_path" not in scope:
        return quote(request.path_info).encode()
    raw: bytes = scope["raw_path"]
    return raw.removeprefix(scope.get("root_path", "").encode())


def _split(raw_path: bytes) -> tuple[UUID, bytes]:
    """Split ``/redis/{id}/rest`` into the id and the rest with its slash."""
    parts = raw_path.split(b"/", 3)
    try:
        instance_id = UUID(parts[2].decode("ascii"))
    except (IndexError, ValueError):
        raise UnknownInstance from None
    return instance_id, b"/" + parts[3] if len(parts) > 3 else b""

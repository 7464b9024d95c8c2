"""The complete door to the command API: one DRF view for every path below an instance."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.views import APIView

from gateway import flow, runtime
from gateway.call import Call, Head
from gateway.counting import PATH
from gateway.headers import preflight_headers, response_headers
from observability import http_counts, tracing


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
            http_counts.count(request.method, PATH, 204)
            return HttpResponse(status=204, headers=preflight_headers(requested))
        call = call_of(request)
        with tracing.span("gateway") as span:
            response = await flow.respond(call, runtime.current())
            if response.code:
                span.fail(response.code)
        headers = response_headers(response, call.head.headers)
        if response.stream is not None:
            return StreamingHttpResponse(response.stream, headers=headers)
        answer = HttpResponse(
            b"" if request.method == "HEAD" else response.body,
            status=response.status,
            headers=headers,
        )
        # Django would log a warning with the path, which holds people's data, for every 4xx.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer

    # `dispatch` answers every method itself. Django asks these whether the view is asynchronous,
    # and the API's documentation lists them.
    async def get(self, request: HttpRequest) -> HttpResponseBase:
        return await self.dispatch(request)

    head = put = post = get


def call_of(request: HttpRequest) -> Call:
    """Read the whole of Django's request, its body included."""
    headers = {
        name.lower().encode("latin-1"): value.encode("latin-1")
        for name, value in request.headers.items()
    }
    query = request.META.get("QUERY_STRING", "").encode()
    head = Head(request.method or "", _raw_path(request), query, headers)
    return Call(head, request.read(), request.META.get("REMOTE_ADDR") or "")


def _raw_path(request: HttpRequest) -> bytes:
    """Give the path as it was sent; Django's own is decoded, and ``%2F`` lost in it."""
    scope = getattr(request, "scope", None)
    if scope is None or "raw_path" not in scope:
        return quote(request.path_info).encode()
    raw: bytes = scope["raw_path"]
    return raw.removeprefix(scope.get("root_path", "").encode())

"""The base of the management API's views.

What every operation has in common is here and nowhere else: names for requests that may be sent
twice, versions of what is read and changed, and answers that nobody keeps on the way.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from redisgate.lib import repeating, versions
from redisgate.lib.api_rates import headers_of
from redisgate.lib.field_selection import PARAMETER, selected

Handler = Callable[..., Any]
CHANGES = frozenset({"PUT", "PATCH", "DELETE"})


class PrivateView(APIView):
    """For answers that hold secrets or persons.

    ``observed_fields`` are those of the answer that change without anybody setting them; they
    make no new version for ``If-Match``.
    """

    observed_fields: ClassVar[tuple[str, ...]] = ()
    accepts_management_keys: ClassVar[bool] = False
    """Whether keys of an organization may come here; such views enter it by `orgs.access`."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        name = str(request.method).lower()
        handler = getattr(self, name, None)
        if handler is not None and name in self.http_method_names:
            # ``dispatch`` looks the handler up after this, on this one request's view.
            setattr(self, name, partial(self._respond, handler))

    def prepare(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Do what takes long before a change, such as asking other servers.

        The change itself may run in a transaction that other writers wait for.
        """

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        for name, value in headers_of(request).items():
            final[name] = value
        return final

    def _respond(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Any:
        work = partial(handler, request, *args, **kwargs)
        if request.method == "POST":
            is_named = repeating.HEADER in request.headers and request.user.is_authenticated
            return repeating.once(request, work) if is_named else work()
        if request.method in CHANGES:
            return self._changed(work, request, *args, **kwargs)
        if request.method == "GET":
            return self._read(work(), request)
        return work()

    def _changed(
        self, work: Callable[[], Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        self.prepare(request, *args, **kwargs)
        read = getattr(self, "get", None)
        if "If-Match" in request.headers:
            if read is None:
                raise versions.NoVersion
            seen = partial(read, request, *args, **kwargs)
            header = request.headers["If-Match"]
            response = versions.changed_only_if(header, seen, work, self.observed_fields)
        else:
            response = work()
        if read is not None and isinstance(getattr(response, "data", None), dict):
            response["ETag"] = versions.etag_of(response.data, self.observed_fields)
        return response

    def _read(self, response: HttpResponseBase, request: Request) -> HttpResponseBase:
        if response.status_code != 200 or not isinstance(response, Response):
            return response  # a file, such as an export, has no version
        etag = versions.etag_of(response.data, self.observed_fields)
        if versions.is_known(request.headers.get("If-None-Match", ""), etag):
            return Response(status=304, headers={"ETag": etag})
        response.data = selected(response.data, request.query_params.get(PARAMETER))
        response["ETag"] = etag
        return response

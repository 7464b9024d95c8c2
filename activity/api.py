"""The audit log in the management API."""

from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.actors import person
from activity import access, exports, reading
from activity.serializers import AuditEventSerializer
from orgs.access import Access
from orgs.api_door import OrganizationDoor
from redisgate.lib.errors import InvalidInput

PAGE_SIZE, PAGE_SIZE_MAX = 50, 200


class CSVExport(JSONRenderer):
    """Named to be asked for; the view streams, and refusals stay JSON."""

    media_type = "text/csv"
    format = "csv"


class LinesExport(JSONRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"


class AuditEventView(OrganizationDoor):
    serializer_class = AuditEventSerializer

    def log(self) -> Access:
        return access.enter(person(self.request), self.kwargs["org"])


EVENTS = inline_serializer(
    "AuditEvents",
    {
        "next": serializers.CharField(allow_null=True),
        "results": AuditEventSerializer(many=True),
    },
    many=False,
)


class AuditEventList(AuditEventView):
    pagination_class = None
    renderer_classes = [JSONRenderer, CSVExport, LinesExport]

    @extend_schema(responses=EVENTS)
    def get(self, request: Request, org: UUID) -> HttpResponseBase:
        """List events, newest first, or export them as CSV or JSON lines.

        ``next`` leads on until it is null; a page may be empty while it searches.
        """
        entered = self.log()
        wanted = access.filters(request.query_params)
        kind = request.accepted_renderer.format
        if kind != "json":
            organization = entered.organization
            return exports.response(
                request._request, organization.pk, organization.slug, wanted, kind
            )
        after = reading.place(request.query_params.get("cursor", ""))
        size = _page_size(request.query_params.get("page_size"))
        page = reading.page(entered.organization.pk, wanted, after, size=size)
        here = request.build_absolute_uri()
        return Response(
            {
                "next": replace_query_param(here, "cursor", page.older) if page.older else None,
                "results": AuditEventSerializer(page.events, many=True).data,
            }
        )


class AuditEventDetail(AuditEventView):
    def get(self, request: Request, org: UUID, event: UUID) -> Response:
        """Show one event."""
        return Response(AuditEventSerializer(access.find(self.log(), event)).data)


def _page_size(wanted: str | None) -> int:
    if wanted is None:
        return PAGE_SIZE
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 5
    if not is_number or not 1 <= int(wanted) <= PAGE_SIZE_MAX:
        words = f"page_size must be a whole number from 1 to {PAGE_SIZE_MAX}."
        raise InvalidInput(words, details={"errors": {"page_size": [words]}})
    return int(wanted)

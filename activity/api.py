"""The audit log in the management API."""

from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.actors import person
from activity import access, exports, reading
from activity.serializers import AuditEventSerializer
from audit import vocabulary
from audit.actors import Means
from orgs.access import Access
from orgs.api_door import OrganizationDoor
from redisgate.lib.paging import limit_of, refuse_foreign


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


PARAMETERS = [
    OpenApiParameter("search", str, description="Words that an event shall hold."),
    OpenApiParameter("action", str, description="One of the audit log's actions."),
    OpenApiParameter("actor", UUID, description="Who did it."),
    OpenApiParameter("object_type", str, enum=list(vocabulary.TYPES)),
    OpenApiParameter("object", UUID, description="To what it was done."),
    OpenApiParameter("means", str, enum=list(Means)),
    OpenApiParameter("since", str, description="A day or a moment, in UTC unless it says so."),
    OpenApiParameter("until", str, description="A day, to its end, or a moment."),
    OpenApiParameter("limit", int, description="Rows a page."),
    OpenApiParameter("cursor", str, description="Where the page begins: from `next`."),
]
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

    @extend_schema(responses=EVENTS, parameters=PARAMETERS)
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
        refuse_foreign(request.query_params)
        after = reading.place(request.query_params.get("cursor", ""))
        limit = limit_of(request.query_params.get("limit"))
        page = reading.page(entered.organization.pk, wanted, after, size=limit)
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

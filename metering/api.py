"""``/api/organizations/{organization}/usage``."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import person
from metering import export
from metering.asked import month_asked
from metering.serializers import StatementOutput
from metering.statements import Statement, statement
from quotas import access
from redisgate.lib.private_view import PrivateView

MONTH = OpenApiParameter("month", str, description="Such as 2026-11; the present one by default.")


class UsageView(PrivateView):
    """What an organization used in a month, by instance."""

    accepts_management_keys = True

    @extend_schema(responses=StatementOutput, parameters=[MONTH])
    def get(self, request: Request, org: UUID) -> Response:
        """Give the statement of ``?month=2026-11``, or of the present month so far."""
        return Response(export.rendered(_statement(request, org)))


class UsageFile(PrivateView):
    """The same as CSV."""

    accepts_management_keys = True

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, parameters=[MONTH])
    def get(self, request: Request, org: UUID) -> HttpResponse:
        """Give the statement as a file."""
        return export.csv_response(_statement(request, org))


def _statement(request: Request, org: UUID) -> Statement:
    organization = access.to_see(person(request), org)
    now = timezone.now()
    month = month_asked(request.query_params.get("month", ""), organization, now)
    return statement(organization, month, now=now)

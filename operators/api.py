"""``/api/operators/overview``."""

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import person
from operators import access
from operators.largest import Measure, measure_named
from operators.overview import look
from operators.rendering import rendered
from operators.serializers import OverviewOutput
from redisgate.lib.private_view import PrivateView

BY = OpenApiParameter(
    "by",
    str,
    enum=[each.value for each in Measure],
    description="What the top consumers are ranked by; memory by default.",
)


class OperatorOverview(PrivateView):
    """The platform as a whole, for those who run it."""

    @extend_schema(responses=OverviewOutput, parameters=[BY])
    def get(self, request: Request) -> Response:
        """Say how the platform is, from hosts to queues."""
        access.require(person(request))
        by = measure_named(request.query_params.get("by", ""))
        seen = rendered(look(by), version=settings.VERSION)
        return Response(OverviewOutput(seen).data)

"""``/api/organizations/{organization}/quota``."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import actor_of, person
from audit.actors import Means
from quotas import access, services
from quotas.serializers import QuotaSerializer
from redisgate.lib.private_view import PrivateView


class QuotaView(PrivateView):
    """What an organization uses and may use; operators change the limits."""

    accepts_management_keys = True

    @extend_schema(responses=QuotaSerializer)
    def get(self, request: Request, org: UUID) -> Response:
        """Say what an organization uses and may use."""
        organization = access.to_see(person(request), org)
        return Response(QuotaSerializer(services.usage(organization)).data)

    @extend_schema(request=QuotaSerializer, responses=QuotaSerializer)
    def put(self, request: Request, org: UUID) -> Response:
        """Change limits; what is left out stays. Operators alone."""
        organization = access.to_change(person(request), org)
        serializer = QuotaSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        usage = services.override(actor_of(request, Means.API), organization, serializer.limits)
        return Response(QuotaSerializer(usage).data)

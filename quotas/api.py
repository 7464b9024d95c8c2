"""``/api/organizations/{organization}/quota``."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import actor_of, person
from audit.actors import Means
from quotas import access, services
from quotas.serializers import QuotaSerializer


class QuotaView(APIView):
    """What an organization uses and may use; operators change the limits."""

    def get(self, request: Request, org: UUID) -> Response:
        organization = access.to_see(person(request), org)
        return Response(QuotaSerializer(services.usage(organization)).data)

    def put(self, request: Request, org: UUID) -> Response:
        organization = access.to_change(person(request), org)
        serializer = QuotaSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        usage = services.override(actor_of(request, Means.API), organization, serializer.limits)
        return Response(QuotaSerializer(usage).data)

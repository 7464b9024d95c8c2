"""``/auth/tokens``: which programs are logged in, and their end."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import program_tokens
from accounts.actors import actor_of, person
from accounts.models import TokenFamily
from accounts.program_serializers import ProgramSerializer
from audit.actors import Means
from redisgate.lib.private_view import PrivateView


class ProgramList(PrivateView, GenericAPIView[TokenFamily]):
    serializer_class = ProgramSerializer

    def get_queryset(self) -> QuerySet[TokenFamily]:
        return program_tokens.programs_of(person(self.request))

    def get(self, request: Request) -> Response:
        """List the log-ins of programs, the latest at work first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ProgramDetail(PrivateView):
    def delete(self, request: Request, family: UUID) -> Response:
        """Log a program out: its access token and its refresh token end at once."""
        program_tokens.end(actor_of(request, Means.API), person(request), family)
        return Response(status=204)

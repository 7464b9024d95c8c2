"""Figures of one instance in the management API."""

import time
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from figures import (
    clients,
    descriptions,
    reading,
    serializers,
    services,
    slow_log,
    top_commands,
    windows,
)
from figures.windows import Window
from instances.access import find
from instances.models import Instance
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission


class FiguresView(OrganizationDoor):
    def instance(self, permission: Permission = Permission.INSTANCE_VIEW) -> Instance:
        return find(self.enter(permission), self.kwargs["instance"])

    def window(self, request: Request) -> Window:
        return windows.asked_for(request.query_params.dict(), time.time())


class Metrics(FiguresView):
    @extend_schema(responses=descriptions.METRICS, parameters=descriptions.WINDOW)
    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Give the figures of ``?range=``, or of ``?from=``, ``?to=`` and ``?step=``."""
        found, window = self.instance(), self.window(request)
        return Response(serializers.of_series(window, reading.points(found.pk, window)))


class Commands(FiguresView):
    @extend_schema(responses=descriptions.COMMANDS, parameters=descriptions.WINDOW)
    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Rank the commands of ``?range=`` by the time they took."""
        found, window = self.instance(), self.window(request)
        return Response(serializers.of_commands(window, top_commands.top(found.pk, window)))


class SlowLog(FiguresView):
    @extend_schema(responses=descriptions.SLOW_LOG)
    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Ask the server for its slow commands; arguments only for who may see secrets."""
        access = self.enter(Permission.INSTANCE_VIEW)
        found = find(access, instance)
        may_see = access.may(Permission.INSTANCE_SECRET_VIEW)
        return Response(serializers.of_slow_log(slow_log.of(found, with_arguments=may_see)))


class Clients(FiguresView):
    @extend_schema(responses=descriptions.CLIENTS)
    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Ask the server who is connected."""
        return Response(serializers.of_connected(clients.connected_to(self.instance())))


class ClientDetail(FiguresView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, org: UUID, instance: UUID, client: int) -> Response:
        """Close one connection."""
        found = self.instance(Permission.INSTANCE_OPERATE)
        services.disconnect(self.actor(), found, client)
        return Response(status=204)

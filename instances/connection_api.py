"""Whether an instance can be reached, and who is connected, in the management API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from instances import connections
from instances.access import find
from instances.probe import Probe
from instances.trial import trial
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission


class StepOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    milliseconds = serializers.FloatField()
    problem = serializers.CharField()
    advice = serializers.CharField()


class ProbeOutput(serializers.Serializer[Probe]):
    ok = serializers.SerializerMethodField()
    milliseconds = serializers.FloatField()
    problem = serializers.CharField()
    advice = serializers.CharField()
    steps = StepOutput(many=True)

    def get_ok(self, result: Probe) -> bool:
        return not result.problem


class VisitorOutput(serializers.Serializer[Any]):
    address = serializers.CharField(source="visitor.address")
    user = serializers.CharField(source="visitor.user")
    key = serializers.CharField()
    library = serializers.CharField(source="visitor.library")
    last_command = serializers.CharField(source="visitor.command")
    is_http = serializers.BooleanField(source="visitor.is_http")
    connected_at = serializers.DateTimeField(source="at")
    text = serializers.CharField(source="told.text")


class RefusalOutput(serializers.Serializer[Any]):
    address = serializers.CharField(source="refusal.address")
    user = serializers.CharField(source="refusal.user")
    key = serializers.CharField()
    library = serializers.CharField(source="refusal.library")
    reason = serializers.CharField(source="refusal.reason")
    count = serializers.IntegerField(source="refusal.count")
    is_http = serializers.BooleanField(source="refusal.is_http")
    at = serializers.DateTimeField()
    text = serializers.CharField(source="told.text")
    advice = serializers.CharField(source="told.advice")


class ConnectionsOutput(serializers.Serializer[connections.Connections]):
    connections = VisitorOutput(many=True, source="visitors")
    refusals = RefusalOutput(many=True)


class InstanceTest(OrganizationDoor, GenericAPIView[Any]):
    serializer_class = ProbeOutput

    @extend_schema(request=None, responses=ProbeOutput)
    def post(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Connect as a native client does; 200 whose ``ok`` says whether each step went well."""
        access = self.enter(Permission.INSTANCE_VIEW)
        return Response(ProbeOutput(trial(find(access, instance))).data)


class InstanceConnections(OrganizationDoor, GenericAPIView[Any]):
    serializer_class = ConnectionsOutput

    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """List who is connected now, and who was refused in the last hour."""
        access = self.enter(Permission.INSTANCE_SECRET_VIEW)
        return Response(ConnectionsOutput(connections.look(find(access, instance))).data)

"""What is under way, in the management API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from instances.operations import JUDGES, Operation, State, look
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission


class OperationOutput(serializers.Serializer[Operation]):
    """``failing`` is tried again; ``superseded`` means that somebody wants something else now."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(JUDGES))
    state = serializers.ChoiceField(choices=[each.value for each in State])
    progress = serializers.IntegerField(min_value=0, max_value=100, help_text="In percent.")
    error = serializers.CharField(allow_null=True)
    instance = serializers.UUIDField(source="instance.pk")  # type: ignore[assignment]


class OperationDetail(OrganizationDoor):
    @extend_schema(responses=OperationOutput)
    def get(self, request: Request, org: UUID, operation: str) -> Response:
        """Say how far an operation is; answers with 202 name it in ``Operation-Location``."""
        found = look(self.enter(Permission.INSTANCE_VIEW), operation)
        headers = {} if found.progress == 100 else {"Retry-After": "1"}
        return Response(OperationOutput(found).data, headers=headers)


def pointing_to(operation: Operation, shown: Any, status: int) -> Response:
    """Answer with the instance, and with where to see how far it is."""
    return Response(shown, status=status, headers={"Operation-Location": operation.location})

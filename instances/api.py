"""Instances in the management API."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from audit.actors import Actor
from instances import adoption, adoption_words, bulk, changes, passwords, services
from instances.access import find, instances_of
from instances.adoption import Place
from instances.models import EXTERNAL, Instance
from instances.operations import Operation
from instances.operations_api import pointing_to
from instances.serializers import (
    NEW_INSTANCE,
    AdoptionInput,
    BulkInput,
    BulkOutcome,
    BulkOutput,
    CheckOutput,
    InstanceChange,
    InstanceInput,
    InstanceOutput,
    PasswordRotation,
    PlaceInput,
    RemarkOutput,
)
from instances.states import Status
from orgs.access import Access
from orgs.api_door import OrganizationDoor
from orgs.roles import Permission
from redisgate.lib import graces
from redisgate.lib.errors import InvalidInput
from redisgate.lib.ordering import StableOrderingFilter


class InstanceView(OrganizationDoor, GenericAPIView[Instance]):
    serializer_class = InstanceOutput

    def shown(self, access: Access, instance: Instance) -> Any:
        return InstanceOutput(instance, context={"access": access}).data


class InstanceList(InstanceView):
    filter_backends = [StableOrderingFilter]
    ordering_fields = ["name", "created_at", "status", "memory_mb"]

    @extend_schema(
        responses=InstanceOutput(many=True),
        parameters=[
            OpenApiParameter("status", str, enum=list(Status)),
            OpenApiParameter("name", str, description="A part of the name."),
        ],
    )
    def get(self, request: Request, org: UUID) -> Response:
        """List instances by name; ``?status=``, ``?name=`` (a part of it) and ``?ordering=``."""
        access = self.enter(Permission.INSTANCE_VIEW)
        everything = instances_of(access).select_related("their_server")
        instances = self.filter_queryset(_narrowed(everything, request))
        page = self.paginate_queryset(instances)
        shown = InstanceOutput(page, many=True, context={"access": access})
        return self.get_paginated_response(shown.data)

    @extend_schema(request=NEW_INSTANCE, responses={201: InstanceOutput})
    def post(self, request: Request, org: UUID) -> Response:
        """Make an instance. It is on its way when this answers; its status says how far."""
        access = self.enter(Permission.INSTANCE_CREATE)
        made = self._made(access, request.data)
        answer = pointing_to(Operation(made, "create"), self.shown(access, made), 201)
        answer["Location"] = f"{request.path}/{made.pk}"
        return answer

    def _made(self, access: Access, data: Any) -> Instance:
        """Make an instance of our own, or of a server that somebody else runs."""
        if isinstance(data, Mapping) and data.get("provisioner") == EXTERNAL:
            adoption_wish = AdoptionInput(data=data)
            adoption_wish.is_valid(raise_exception=True)
            wanted = dict(adoption_wish.validated_data)
            rest = {name: wanted.get(name) for name in ("slug", "expires_at")}
            place = _place(wanted)
            name = wanted["name"]
            return adoption.adopt(self.actor(), access.organization, name=name, place=place, **rest)
        wish = InstanceInput(data=data)
        wish.is_valid(raise_exception=True)
        return services.create(self.actor(), access.organization, **wish.validated_data)


class ServerCheck(InstanceView):
    @extend_schema(request=PlaceInput, responses=CheckOutput)
    def post(self, request: Request, org: UUID) -> Response:
        """Say what a user may do on somebody else's server, before it is adopted."""
        self.enter(Permission.INSTANCE_CREATE)
        wish = PlaceInput(data=request.data)
        wish.is_valid(raise_exception=True)
        place = _place(wish.validated_data)
        findings = adoption.check(self.actor(), place)
        remarks = adoption_words.remarks(
            findings, is_tls=place.is_tls, manages_users=place.manage_users
        )
        return Response(
            {"findings": asdict(findings), "remarks": RemarkOutput(remarks, many=True).data}
        )


class InstanceAddress(InstanceView):
    @extend_schema(request=PlaceInput, responses={202: InstanceOutput})
    def put(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Reach an adopted server elsewhere, or as somebody else, from now on."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        found = find(access, instance)
        adoption.refuse_own(found)
        wish = PlaceInput(data=request.data)
        wish.is_valid(raise_exception=True)
        adoption.readdress(self.actor(), found, _place(wish.validated_data))
        found.refresh_from_db()
        return Response(self.shown(access, found), status=202)


class InstanceDetail(InstanceView):
    observed_fields = (
        "status",
        "status_detail",
        "status_at",
        "health",
        "settings_status",
        "settings_detail",
        "updated_at",
    )

    def get(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Show one instance."""
        access = self.enter(Permission.INSTANCE_VIEW)
        return Response(self.shown(access, find(access, instance)))

    @extend_schema(request=InstanceChange, responses={200: InstanceOutput, 202: InstanceOutput})
    def patch(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Change some of it, all or nothing: 202 while the server is being brought to it."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        found = find(access, instance)
        change = InstanceChange(data=request.data)
        change.is_valid(raise_exception=True)
        changes.apply(self.actor(), found, change.validated_data)
        found.refresh_from_db()
        is_applied = found.settings_done >= found.settings_wish
        operation = Operation(found, "settings", found.settings_wish)
        return pointing_to(operation, self.shown(access, found), 200 if is_applied else 202)

    def delete(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Delete the instance and its data. Until both are gone it is seen as deleting."""
        access = self.enter(Permission.INSTANCE_DELETE)
        services.delete(self.actor(), find(access, instance))
        return Response(status=204)


class InstanceAction(InstanceView):
    """Start, stop or restart: the wish is written when this answers, the loop makes it true."""

    action: Callable[[Actor, Instance], None] | None = None

    @extend_schema(request=None, responses={202: InstanceOutput})
    def post(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Wish it started, stopped or restarted; its status says how far it is."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        found = find(access, instance)
        assert self.action is not None
        self.action(self.actor(), found)
        found.refresh_from_db()
        number = found.restart_wish if self.action is services.restart else 0
        operation = Operation(found, self.action.__name__, number)
        return pointing_to(operation, self.shown(access, found), 202)


class InstancePassword(InstanceView):
    @extend_schema(request=PasswordRotation, responses={200: InstanceOutput, 202: InstanceOutput})
    def post(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Make a new password; 202 while the server doesn't know it yet."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        access.require(Permission.INSTANCE_SECRET_VIEW)
        found = find(access, instance)
        wish = PasswordRotation(data=request.data)
        wish.is_valid(raise_exception=True)
        passwords.rotate(
            self.actor(),
            found,
            grace=graces.of(wish.validated_data["grace_seconds"]),
            seen_version=wish.validated_data.get("password_version"),
        )
        is_known = services.wait_for_acl([found.pk])
        found.refresh_from_db()
        return Response(self.shown(access, found), status=200 if is_known else 202)

    def delete(self, request: Request, org: UUID, instance: UUID) -> Response:
        """Let the former password stop working now."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        found = find(access, instance)
        passwords.end_former(self.actor(), found)
        services.wait_for_acl([found.pk])
        return Response(status=204)


class InstanceBulk(InstanceView):
    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Request, org: UUID) -> Response:
        """Start, stop or delete many; the answer says of each what became of it."""
        access = self.enter(Permission.INSTANCE_OPERATE)
        wish = BulkInput(data=request.data)
        wish.is_valid(raise_exception=True)
        action = bulk.ACTIONS[wish.validated_data["action"]]
        access.require(action.permission)
        results = bulk.perform(self.actor(), access, action, wish.validated_data["instances"])
        return Response({"results": BulkOutcome(results, many=True).data})


def _place(wanted: Mapping[str, Any]) -> Place:
    return Place(**{each.name: wanted[each.name] for each in fields(Place) if each.name in wanted})


def _narrowed(instances: QuerySet[Instance], request: Request) -> QuerySet[Instance]:
    status, name = request.query_params.get("status"), request.query_params.get("name")
    if status is not None and status not in list(Status):
        words = f"The status must be one of {', '.join(Status)}, not {status!r}."
        raise InvalidInput.in_field("status", words)
    if status is not None:
        instances = instances.filter(status=status)
    if name and "\0" in name:
        return instances.none()  # no name has it, and PostgreSQL refuses to look for it
    return instances.filter(name__icontains=name) if name else instances

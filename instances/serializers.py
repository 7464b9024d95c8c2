"""Instances in the management API."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from instances import bulk, connection, presentation
from instances.models import EXTERNAL, Instance
from instances.their_server import is_adopted
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.strict_input import StrictInput


class InstanceInput(StrictInput):
    """What a new instance is made of. The service judges the values, in words."""

    name = serializers.CharField(allow_blank=True)
    memory_mb = serializers.IntegerField()
    purpose = serializers.CharField()
    slug = serializers.CharField(required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


@extend_schema_field(
    {"type": "string", "example": "redis://worker:theirs@redis.example.com:6379/0"}
)
class ServerUrlField(serializers.CharField):
    """Where a server listens, and as whom to log in."""


class PlaceInput(StrictInput):
    """Where a server is that somebody else runs. The service judges the values, in words."""

    url = ServerUrlField(write_only=True, trim_whitespace=False)
    password = serializers.CharField(
        required=False, allow_blank=True, write_only=True, trim_whitespace=False
    )
    ca_certificate = serializers.CharField(required=False, allow_blank=True)
    server_name = serializers.CharField(required=False, allow_blank=True)
    client_certificate = serializers.CharField(required=False, allow_blank=True)
    client_key = serializers.CharField(required=False, allow_blank=True, write_only=True)
    manage_users = serializers.BooleanField(required=False)


class AdoptionInput(PlaceInput):
    """A new instance whose server somebody else runs."""

    provisioner = serializers.ChoiceField(choices=[EXTERNAL])
    name = serializers.CharField(allow_blank=True)
    slug = serializers.CharField(required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class RemarkOutput(serializers.Serializer[Any]):
    """One thing that a look at a server says."""

    level = serializers.CharField()
    text = serializers.CharField()


class FindingsOutput(serializers.Serializer[Any]):
    """A server and a user on it. Memory is in bytes; ``maxmemory`` 0 means no limit."""

    engine = serializers.CharField()
    version = serializers.CharField()
    user = serializers.CharField()
    used_memory = serializers.IntegerField()
    maxmemory = serializers.IntegerField()
    eviction_policy = serializers.CharField()
    has_aof = serializers.BooleanField()
    is_replica = serializers.BooleanField()
    is_cluster = serializers.BooleanField()
    may_read = serializers.BooleanField()
    may_write = serializers.BooleanField()
    may_administer = serializers.BooleanField()
    may_manage_users = serializers.BooleanField()
    knows_commands = serializers.BooleanField()
    users_taken = serializers.CharField()


class CheckOutput(serializers.Serializer[Any]):
    """What a look at somebody else's server found, and what to know of it."""

    findings = FindingsOutput()
    remarks = RemarkOutput(many=True)


NEW_INSTANCE = PolymorphicProxySerializer(
    component_name="NewInstance",
    serializers=[InstanceInput, AdoptionInput],
    resource_type_field_name=None,
)
"""For the API's description: an instance of our own, or of somebody else's server."""


class InstanceChange(StrictInput):
    """What may be changed; what is left out stays. The services judge the values, in words."""

    name = serializers.CharField(required=False, allow_blank=True)
    memory_mb = serializers.IntegerField(required=False)
    allow_eviction = serializers.BooleanField(required=False, default=False)
    eviction_policy = serializers.CharField(required=False)
    persistence = serializers.CharField(required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class PasswordRotation(StrictInput):
    """How long the former password goes on working, and which one the caller has seen."""

    grace_seconds = serializers.IntegerField(required=False, default=0)
    password_version = serializers.IntegerField(required=False, min_value=1)


class BulkInput(StrictInput):
    """One action for many instances."""

    action = serializers.ChoiceField(choices=list(bulk.ACTIONS))
    instances = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=bulk.MOST
    )


class BulkOutcome(serializers.Serializer[Any]):
    """What became of one of them; ``detail`` says why it was refused."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_done = serializers.BooleanField()
    detail = serializers.CharField()


class BulkOutput(serializers.Serializer[Any]):
    results = BulkOutcome(many=True)


class InstanceOutput(serializers.ModelSerializer[Instance]):
    """An instance as one person may see it: ``access`` in the context says who."""

    url = serializers.SerializerMethodField()
    redis_url = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()
    port = serializers.SerializerMethodField()
    settings_status = serializers.SerializerMethodField()
    settings_detail = serializers.CharField(source="settings_note")

    class Meta:
        model = Instance
        fields = [
            "id",
            "name",
            "slug",
            "status",
            "status_detail",
            "status_at",
            "health",
            "wish",
            "url",
            "redis_url",
            "host",
            "port",
            "provisioner",
            "memory_mb",
            "purpose",
            "eviction_policy",
            "persistence",
            "settings_status",
            "settings_detail",
            "password_version",
            "former_password_until",
            "expires_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_url(self, instance: Instance) -> str:
        return connection.http_url(instance)

    def get_redis_url(self, instance: Instance) -> str | None:
        """Give the URL with its password, or None to whom may not know it.

        A password that somebody gave us for their own server is shown to nobody.
        """
        access: Access = self.context["access"]
        if not access.may(Permission.INSTANCE_SECRET_VIEW) or is_adopted(instance):
            return None
        return connection.redis_url(instance, password=instance.password)

    def get_settings_status(self, instance: Instance) -> str:
        """Say how far the server is with memory, eviction policy and persistence."""
        return presentation.settings_status(instance).value

    def get_host(self, instance: Instance) -> str:
        return connection.place(instance)[0]

    def get_port(self, instance: Instance) -> int:
        return connection.place(instance)[1]

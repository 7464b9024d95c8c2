"""Instances in the management API."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from instances import bulk, connection, presentation
from instances.models import Instance
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


class InstanceOutput(serializers.ModelSerializer[Instance]):
    """An instance as one person may see it: ``access`` in the context says who."""

    url = serializers.SerializerMethodField()
    redis_url = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()
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
        """Give the URL with its password, or None to whom may not know it."""
        access: Access = self.context["access"]
        if not access.may(Permission.INSTANCE_SECRET_VIEW):
            return None
        return connection.redis_url(instance, password=instance.password)

    def get_settings_status(self, instance: Instance) -> str:
        """Say how far the server is with memory, eviction policy and persistence."""
        return presentation.settings_status(instance).value

    def get_host(self, _instance: Instance) -> str:
        return settings.INSTANCE_HOST

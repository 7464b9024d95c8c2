"""Instances in the management API."""

from django.conf import settings
from rest_framework import serializers

from instances import connection
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


class InstanceOutput(serializers.ModelSerializer[Instance]):
    """An instance as one person may see it: ``access`` in the context says who."""

    url = serializers.SerializerMethodField()
    redis_url = serializers.SerializerMethodField()
    host = serializers.SerializerMethodField()

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

    def get_host(self, _instance: Instance) -> str:
        return settings.INSTANCE_HOST

"""Events as the management API speaks of them."""

from rest_framework import serializers

from activity.exports import COLUMNS
from audit.models import AuditEvent


class AuditEventSerializer(serializers.ModelSerializer[AuditEvent]):
    class Meta:
        model = AuditEvent
        fields = COLUMNS
        read_only_fields = fields

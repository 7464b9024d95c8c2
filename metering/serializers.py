"""The statement of a month in the management API."""

from typing import Any

from rest_framework import serializers

from metering.statements import State


class AmountsUsed(serializers.Serializer[Any]):
    running_hours = serializers.FloatField()
    memory_mb_hours = serializers.FloatField()
    requests = serializers.IntegerField()
    commands = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]
    bytes_in = serializers.IntegerField()
    bytes_out = serializers.IntegerField()


class InstanceUsed(AmountsUsed):
    instance = serializers.UUIDField()
    name = serializers.CharField()
    is_deleted = serializers.BooleanField()


class StatementOutput(serializers.Serializer[Any]):
    """What an organization used in a month; ``final_at`` is null once it is final."""

    month = serializers.CharField(help_text="Such as 2026-11.")
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    state = serializers.CharField(help_text=f"One of {', '.join(State)}.")
    final_at = serializers.DateTimeField(allow_null=True)
    counted_until = serializers.DateTimeField()
    totals = AmountsUsed()
    instances = InstanceUsed(many=True)

"""The overview as programs get it: the shape of what `operators.rendering` writes."""

from typing import Any

from rest_framework import serializers

from instances.states import Health, Status
from operators.largest import Measure


class RateOutput(serializers.Serializer[Any]):
    good = serializers.IntegerField()
    all = serializers.IntegerField()
    ratio = serializers.FloatField(allow_null=True, help_text="Null where nothing was tried.")


class RatesOutput(serializers.Serializer[Any]):
    last_24h = RateOutput()
    last_7d = RateOutput()
    last_30d = RateOutput()


class CountsOutput(serializers.Serializer[Any]):
    last_24h = serializers.IntegerField()
    last_7d = serializers.IntegerField()
    last_30d = serializers.IntegerField()


class HostOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    seen_at = serializers.DateTimeField()
    is_silent = serializers.BooleanField(help_text="It has not reported for a minute.")
    memory_total_mb = serializers.IntegerField()
    memory_used_mb = serializers.IntegerField()
    memory_free_mb = serializers.IntegerField()
    disk_total_mb = serializers.IntegerField()
    disk_used_mb = serializers.IntegerField()
    disk_free_mb = serializers.IntegerField()
    load = serializers.FloatField(allow_null=True, help_text="Average of the last minute.")
    processors = serializers.IntegerField(allow_null=True)


class CapacityOutput(serializers.Serializer[Any]):
    memory_total_mb = serializers.IntegerField()
    memory_reserved_mb = serializers.IntegerField(help_text="What instances may use together.")
    memory_used_mb = serializers.IntegerField(help_text="By anything on the hosts.")
    disk_total_mb = serializers.IntegerField()
    disk_used_mb = serializers.IntegerField()
    servers = serializers.IntegerField(help_text="Processes that run for instances.")


class TroubledOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    organization = serializers.CharField()
    state = serializers.ChoiceField(choices=[Status.ERROR.value, Health.UNHEALTHY.value])
    reason = serializers.CharField()
    since = serializers.DateTimeField()


class InstancesOutput(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    unhealthy = serializers.IntegerField()
    troubled = TroubledOutput(many=True, help_text="The first twenty in error or unhealthy.")


class RunningTimesOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    p50_seconds = serializers.FloatField(allow_null=True)
    p95_seconds = serializers.FloatField(allow_null=True)


class FirstCommandOutput(serializers.Serializer[Any]):
    """Of the people who signed up in the last thirty days."""

    arrived = RateOutput()
    median_seconds = serializers.FloatField(allow_null=True)
    p90_seconds = serializers.FloatField(allow_null=True)


class ConsumerOutput(serializers.Serializer[Any]):
    organization = serializers.UUIDField()
    name = serializers.CharField()
    memory_mb = serializers.IntegerField()
    memory_limit_mb = serializers.IntegerField()
    requests = serializers.IntegerField(help_text="Of the last 24 hours, as the next two.")
    commands = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]


class DaySignUps(serializers.Serializer[Any]):
    day = serializers.DateField()
    people = serializers.IntegerField()


class DutyOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    every_seconds = serializers.FloatField()
    last_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.BooleanField()


class ControllerOutput(serializers.Serializer[Any]):
    holder = serializers.CharField(help_text="Who holds the lease; empty where nobody does.")
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    duties = DutyOutput(many=True)


class QueueOutput(serializers.Serializer[Any]):
    waiting = serializers.IntegerField()
    put_off = serializers.IntegerField(help_text="Of those, waiting for a later moment.")
    running = serializers.IntegerField()
    failed = serializers.IntegerField()
    oldest_due_at = serializers.DateTimeField(allow_null=True)


class ConcernOutput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=["error", "warning"])
    title = serializers.CharField()
    words = serializers.CharField()


class OverviewOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    version = serializers.CharField()
    concerns = ConcernOutput(many=True, help_text="What needs an operator, the worst first.")
    hosts = HostOutput(many=True)
    capacity = CapacityOutput()
    instances = InstancesOutput()
    creations = RatesOutput(help_text="Instances that came to run, of those that were made.")
    commands = RatesOutput(help_text="Answered without an error, over HTTP.")
    create_to_running = RunningTimesOutput(help_text="Of the last thirty days.")
    first_command = FirstCommandOutput()
    sign_ups = DaySignUps(many=True, help_text="Thirty days, the oldest first.")
    people = serializers.IntegerField()
    organizations = serializers.IntegerField()
    suspended_organizations = serializers.IntegerField()
    active_organizations = CountsOutput(help_text="Those of which an API key was used.")
    ranked_by = serializers.ChoiceField(choices=[each.value for each in Measure])
    consumers = ConsumerOutput(many=True)
    controller = ControllerOutput()
    mail = QueueOutput()
    jobs = QueueOutput(help_text="Everything in the background that is no mail.")

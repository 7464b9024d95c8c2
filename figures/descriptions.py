"""Figures as the API's description speaks of them; `figures.serializers` makes them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from figures.windows import RANGES

_second = serializers.IntegerField
_text = serializers.CharField
_number = serializers.FloatField


def _described(name: str, **fields: Any) -> Any:
    return inline_serializer(name, fields)


_WINDOW: dict[str, Any] = {
    "from": _second(help_text="In seconds since 1970, as all times here."),
    "to": _second(),
    "step": _second(help_text="Seconds from one point to the next."),
}
_SERIES = inline_serializer(
    "Series",
    {
        "name": _text(),
        "label": _text(),
        "unit": _text(),
        "values": serializers.ListField(child=_number(allow_null=True)),
    },
    many=True,
)
METRICS = _described(
    "Metrics", **_WINDOW, times=serializers.ListField(child=_second()), series=_SERIES
)
_COMMAND = inline_serializer(
    "CommandShare",
    {
        "name": _text(),
        "calls": serializers.IntegerField(),
        "calls_per_second": _number(),
        "microseconds_per_call": _number(),
        "share": _number(help_text="Of the time that all commands took."),
    },
    many=True,
)
COMMANDS = _described("CommandShares", **_WINDOW, commands=_COMMAND)
_ENTRY = inline_serializer(
    "SlowCommand",
    {
        "id": serializers.IntegerField(),
        "at": serializers.DateTimeField(),
        "microseconds": serializers.IntegerField(),
        "command": _text(),
        "arguments": serializers.ListField(child=_text()),
        "arguments_left_out": serializers.IntegerField(),
        "address": _text(),
        "client_name": _text(),
    },
    many=True,
)
SLOW_LOG = _described("SlowLog", entries=_ENTRY)
_CLIENT = inline_serializer(
    "Client",
    {
        "id": serializers.IntegerField(),
        "address": _text(),
        "name": _text(),
        "library": _text(),
        "user": _text(),
        "key": _text(allow_null=True, help_text="Name of the API key, if it is one."),
        "database": serializers.IntegerField(),
        "age_seconds": serializers.IntegerField(),
        "idle_seconds": serializers.IntegerField(),
        "last_command": _text(),
    },
    many=True,
)
CLIENTS = _described(
    "Clients",
    total=serializers.IntegerField(),
    gateway_connections=serializers.IntegerField(),
    clients=_CLIENT,
)
WINDOW = [
    OpenApiParameter("range", str, enum=list(RANGES), description="How far to look back."),
    OpenApiParameter("from", int, description="Begin, in seconds since 1970."),
    OpenApiParameter("to", int, description="End, in seconds since 1970."),
    OpenApiParameter("step", int, description="Seconds from one point to the next."),
]

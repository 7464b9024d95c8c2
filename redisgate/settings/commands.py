"""Bounds of the command API."""

from gateway.limits import Limits
from redisgate.lib.units import MEGABYTE
from redisgate.settings.place import env

GATEWAY_FAST_LANE = env.flag("GATEWAY_FAST_LANE", default=True)
GATEWAY_LIMITS = Limits(
    request_bytes=env.number("GATEWAY_REQUEST_MB", 10, least=1, most=512) * MEGABYTE,
    pipeline_commands=env.number("GATEWAY_PIPELINE_COMMANDS", 1000, least=1, most=1_000_000),
    response_bytes=env.number("GATEWAY_RESPONSE_MB", 100, least=1, most=4096) * MEGABYTE,
    command_seconds=env.number("GATEWAY_COMMAND_SECONDS", 30, least=1, most=3600),
    outstanding_bytes=env.number("GATEWAY_OUTSTANDING_MB", 64, least=1, most=4096) * MEGABYTE,
    connect_patience_seconds=env.number("GATEWAY_PATIENCE_SECONDS", 3, least=0, most=60),
    connect_seconds=env.number("GATEWAY_CONNECT_SECONDS", 2, least=1, most=60),
    idle_seconds=env.number("GATEWAY_IDLE_SECONDS", 60, least=1, most=86_400),
    connections=env.number("GATEWAY_CONNECTIONS", 128, least=4, most=4096),
    streams_per_key=env.number("GATEWAY_STREAMS_PER_KEY", 64, least=1, most=10_000),
    stream_buffer_bytes=env.number("GATEWAY_STREAM_BUFFER_KB", 1024, least=1, most=1024**2) * 1024,
    stream_heartbeat_seconds=env.number("GATEWAY_STREAM_HEARTBEAT_SECONDS", 15, least=1, most=3600),
    stream_linger_seconds=env.number("GATEWAY_STREAM_LINGER_SECONDS", 10, least=0, most=3600),
    blocking_per_key=env.number("GATEWAY_BLOCKING_PER_KEY", 64, least=1, most=10_000),
    block_seconds=env.number("GATEWAY_BLOCK_SECONDS", 55, least=1, most=3600),
)

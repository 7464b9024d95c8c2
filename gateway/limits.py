"""The bounds of one request."""

from dataclasses import dataclass

from redisgate.lib.units import MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may ask for; above a bound the answer names it.

    These are the defaults of the settings ``GATEWAY_…``.
    """

    request_bytes: int = 10 * MEGABYTE
    pipeline_commands: int = 1000
    response_bytes: int = 100 * MEGABYTE
    command_seconds: float = 30.0
    outstanding_bytes: int = 64 * MEGABYTE
    """How much may wait for one connection, written and unwritten together."""
    connect_patience_seconds: float = 3.0
    """How long commands wait for a server that is coming back."""
    connect_seconds: float = 2.0
    """How long one attempt may take, log-in included."""
    idle_seconds: float = 60.0
    """After how long an unused connection is closed."""
    connections: int = 128
    """How many connections one worker keeps to one instance at most."""
    streams_per_key: int = 64
    """How many streams one key may hold in one worker."""
    stream_buffer_bytes: int = MEGABYTE
    """How much of one stream is kept for a slow reader, and for one that comes back."""
    stream_heartbeat_seconds: float = 15.0
    stream_linger_seconds: float = 10.0
    """How long a stream that can be resumed goes on without its reader."""
    blocking_per_key: int = 64
    """How many commands of one key may wait in one worker."""
    block_seconds: float = 55.0
    """How long a request may ask a blocking command to wait."""

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
    connections: int = 256
    """How many connections one worker keeps to one instance at most."""

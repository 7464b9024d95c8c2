"""Where spans go and with which headers, by OpenTelemetry's standard variables.

The SDK reads these itself, but only from the environment: of ``NAME_FILE`` it knows nothing.
"""

from redisgate.lib.env import Environment

# What is for traces alone counts more, and such an endpoint is taken as it is.
TRACES_ENDPOINT, ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
HEADERS = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")


def endpoint() -> str | None:
    """Give the whole address, or None where nobody names one. Raises BadSetting."""
    env = Environment()
    base = env.text(ENDPOINT)
    return env.text(TRACES_ENDPOINT) or (f"{base.removesuffix('/')}/v1/traces" if base else None)


def headers() -> str:
    """Give them as ``name=value,name=value``. Raises BadSetting."""
    env = Environment()
    return next(filter(None, map(env.text, HEADERS)), "")

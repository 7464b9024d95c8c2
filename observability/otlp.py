"""Where spans go and with which headers: what is for traces alone counts more.

The SDK would read the same variables itself, but only from the environment: of ``NAME_FILE`` it
knows nothing.
"""

from django.conf import settings


def endpoint() -> str | None:
    """Give the whole address, or None where nobody names one; the one for traces is whole."""
    base = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    whole = f"{base.removesuffix('/')}/v1/traces" if base else None
    return settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or whole


def headers() -> str:
    """Give them as ``name=value,name=value``."""
    return settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS or settings.OTEL_EXPORTER_OTLP_HEADERS

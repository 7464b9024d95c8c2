"""The secrets in the settings, so that no line of the log holds one, however it came there."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.conf import settings

from redisgate.lib.env import Environment


def known() -> Iterator[str]:
    """Give each, in the form in which it would show up."""
    yield settings.SECRET_KEY
    yield from (secret for _, secret in settings.SIGNING_KEYS)
    yield from settings.ENCRYPTION_KEYS
    yield from (settings.METRICS_TOKEN, settings.EMAIL_HOST_PASSWORD)
    yield settings.SSO_OIDC_CLIENT_SECRET
    yield str(settings.DATABASES["default"].get("PASSWORD", ""))
    yield from _passwords_of(settings.REDIS_URL)
    for name in ("DATABASE_URL", "EMAIL_URL"):  # as they are written
        yield from _passwords_of(Environment().text(name))
    yield from _values_of(settings.OTEL_EXPORTER_OTLP_HEADERS)
    yield from _values_of(settings.OTEL_EXPORTER_OTLP_TRACES_HEADERS)


def _passwords_of(url: str) -> set[str]:
    """Give it as it is written in the address, and as it is."""
    password = urlsplit(url).password or ""
    return {password, unquote(password)}


def _values_of(headers: str) -> Iterator[str]:
    """Give what ``name=value,name=value`` holds; what is meant may come after ``Bearer``."""
    for header in headers.split(","):
        value = header.partition("=")[2].strip()
        yield value
        yield from unquote(value).split()

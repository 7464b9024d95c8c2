"""The secrets in the settings, so that no line of the log holds one, however it came there."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.conf import settings


def known() -> Iterator[str]:
    """Give each, in the form in which it would show up."""
    yield settings.SECRET_KEY
    yield from (secret for _, secret in settings.SIGNING_KEYS)
    yield from settings.ENCRYPTION_KEYS
    yield from (settings.METRICS_TOKEN, settings.EMAIL_HOST_PASSWORD)
    yield settings.SSO_OIDC_CLIENT_SECRET
    yield str(settings.DATABASES["default"].get("PASSWORD", ""))
    password = urlsplit(settings.REDIS_URL).password or ""
    yield from {password, unquote(password)}

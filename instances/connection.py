"""Where people reach an instance."""

from urllib.parse import quote

from django.conf import settings

from instances.models import Instance


def http_url(instance: Instance) -> str:
    """Return the base of the command API for this instance."""
    return f"{settings.PUBLIC_URL}/redis/{instance.pk}"


def redis_url(instance: Instance, *, user: str = "default", password: str) -> str:
    """Return the URL for native clients; the caller decides which password may be shown."""
    host = settings.INSTANCE_HOST
    if ":" in host:
        host = f"[{host}]"
    return f"redis://{quote(user, safe='')}:{quote(password, safe='')}@{host}:{instance.port}/0"

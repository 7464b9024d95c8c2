"""Where people reach an instance."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from instances.models import Instance
from instances.probe import Aim


def http_url(instance: Instance) -> str:
    """Return the base of the command API for this instance."""
    return f"{settings.PUBLIC_URL}/redis/{instance.pk}"


def redis_url(instance: Instance, *, user: str = "default", password: str) -> str:
    """Return the URL for native clients; the caller decides which password may be shown."""
    host = settings.INSTANCE_HOST
    if ":" in host:
        host = f"[{host}]"
    scheme = "rediss" if is_tls(instance) else "redis"
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{host}:{instance.port}/0"


def is_tls(instance: Instance) -> bool:
    """Say whether the instance's server encrypts what native clients send."""
    return bool(settings.INSTANCE_TLS_CERT) and instance.provisioner == "process"


def aim_at(instance: Instance) -> Aim:
    """Say where a test connects to: the very address that people are shown."""
    return Aim(
        host=settings.INSTANCE_HOST,
        port=instance.port,
        password=instance.password,
        is_tls=is_tls(instance),
        ca_file=Path(settings.INSTANCE_TLS_CA) if settings.INSTANCE_TLS_CA else None,
    )

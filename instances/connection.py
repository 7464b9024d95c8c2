"""Where people reach an instance."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from instances.models import Instance
from instances.probe import Aim
from instances.their_server import is_adopted


def http_url(instance: Instance) -> str:
    """Return the base of the command API for this instance."""
    return f"{settings.PUBLIC_URL}/redis/{instance.pk}"


def redis_url(instance: Instance, *, user: str = "default", password: str) -> str:
    """Return the URL for native clients; the caller decides which password may be shown."""
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    scheme = "rediss" if is_tls(instance) else "redis"
    database = instance.their_server.database if is_adopted(instance) else 0
    return f"{scheme}://{credentials}@{endpoint(instance)}/{database}"


def endpoint(instance: Instance) -> str:
    """Return host and port for native clients."""
    host, port = place(instance)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def place(instance: Instance) -> tuple[str, int]:
    """Return where native clients connect; a server of somebody else's is where they run it."""
    if is_adopted(instance):
        return instance.their_server.host, instance.their_server.port
    return settings.INSTANCE_HOST, instance.port


def is_tls(instance: Instance) -> bool:
    """Say whether the instance's server encrypts what native clients send."""
    if is_adopted(instance):
        return instance.their_server.is_tls
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

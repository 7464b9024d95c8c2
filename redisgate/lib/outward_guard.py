"""What this platform's settings allow of places that people name."""

from urllib.parse import urlsplit

from django.conf import settings

from redisgate.lib.outward import Guard


def guard() -> Guard:
    """Give the guard; the platform's own ports are nobody's to name."""
    own = [range(settings.PORT, settings.PORT + 1), settings.INSTANCE_PORTS]
    platform_redis = urlsplit(settings.REDIS_URL).port if settings.REDIS_URL else None
    if platform_redis is not None:
        own.append(range(platform_redis, platform_redis + 1))
    return Guard(settings.EXTERNAL_NETWORKS, tuple(own))

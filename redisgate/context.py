"""What every page may need to know about the platform."""

from django.conf import settings
from django.http import HttpRequest

from redisgate.lib.release import release


def platform(_request: HttpRequest) -> dict[str, object]:
    return {
        "platform_version": settings.VERSION,
        "platform_release": release(),
        "platform_url": settings.PUBLIC_URL,
        "platform_has_mail_server": settings.HAS_MAIL_SERVER,
        "platform_is_simulation": settings.SIMULATION_MODE,
    }

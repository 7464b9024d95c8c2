from django.apps import AppConfig
from django.conf import settings


class ObservabilityConfig(AppConfig):
    name = "observability"

    def ready(self) -> None:
        from observability import components, health, slow_queries

        slow_queries.install()

        health.register(components.DATABASE)
        if settings.REDIS_URL:
            health.register(components.PLATFORM_REDIS)

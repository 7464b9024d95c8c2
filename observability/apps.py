from django.apps import AppConfig
from django.conf import settings


class ObservabilityConfig(AppConfig):
    name = "observability"

    def ready(self) -> None:
        from observability import components, error_tracking, health, queries, slow_queries

        queries.listen(slow_queries.tell)
        if settings.TRACING:
            from observability import otel, tracing

            tracer = otel.OtelTracer(version=settings.VERSION, environment=settings.ENVIRONMENT)
            tracing.use(tracer, settings.TRACING_SAMPLE_PERCENT / 100)
        if settings.ERROR_TRACKING_DSN:
            error_tracking.begin(
                settings.ERROR_TRACKING_DSN,
                environment=settings.ENVIRONMENT,
                release=f"redisgate@{settings.VERSION}",
            )

        health.register(components.DATABASE)
        if settings.REDIS_URL:
            health.register(components.PLATFORM_REDIS)

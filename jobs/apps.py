from django.apps import AppConfig
from django.conf import settings


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self) -> None:
        from jobs import figures, in_process, probes
        from observability import health, population

        if settings.JOB_QUEUE != in_process.IMMEDIATE:
            health.register(probes.WORKER)
        population.register_several(figures.NAMES, figures.figures)

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "orgs"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from observability import population
        from orgs import receivers  # noqa: F401  connects them
        from orgs.models import Organization

        population.register("organizations_total", lambda: {(): Organization.objects.count()})

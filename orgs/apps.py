from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "orgs"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from accounts import deletion
        from audit import organization_names
        from observability import population
        from orgs import departure, receivers, services  # noqa: F401  connects them
        from orgs.models import Organization

        deletion.register(departure.foresee)
        organization_names.register(services.names_of)
        population.register("organizations_total", lambda: {(): Organization.objects.count()})

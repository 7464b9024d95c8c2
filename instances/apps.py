from django.apps import AppConfig


class InstancesConfig(AppConfig):
    name = "instances"

    def ready(self) -> None:
        from instances import probes
        from instances.first_step import CREATE_INSTANCE
        from observability import health
        from orgs import first_steps

        first_steps.register(CREATE_INSTANCE)
        health.register(probes.CONTROLLER)

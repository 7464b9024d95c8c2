from django.apps import AppConfig


class InstancesConfig(AppConfig):
    name = "instances"

    def ready(self) -> None:
        from instances.first_step import CREATE_INSTANCE
        from orgs import first_steps

        first_steps.register(CREATE_INSTANCE)

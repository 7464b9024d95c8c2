from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    name = "welcome"

    def ready(self) -> None:
        from orgs import first_steps
        from welcome.first_step import RUN_COMMAND

        first_steps.register(RUN_COMMAND)

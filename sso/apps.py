from django.apps import AppConfig


class SsoConfig(AppConfig):
    name = "sso"
    verbose_name = "Single sign-on"

    def ready(self) -> None:
        from orgs import doorkeepers
        from sso import gate, receivers  # noqa: F401  connects them

        doorkeepers.post(gate.refusal, reads="organization__identity_provider")

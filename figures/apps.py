from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "figures"

    def ready(self) -> None:
        from figures import duty
        from instances import duties

        duties.register(duty.DUTY)

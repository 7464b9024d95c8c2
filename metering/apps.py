from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "metering"

    def ready(self) -> None:
        from instances import duties
        from metering import duty

        duties.register(duty.DUTY)

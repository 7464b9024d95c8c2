from django.apps import AppConfig

from redisgate.lib import repeating


class RepeatsConfig(AppConfig):
    name = "repeats"

    def ready(self) -> None:
        from repeats.once import once  # models are there only now

        repeating.register(once)

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "operators"

    def ready(self) -> None:
        from observability import population as counts
        from operators import population

        counts.register_several(population.JOBS, population.queues)
        counts.register("quota_drift", population.drift)

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "figures"

    def ready(self) -> None:
        from figures import duty, glance, population
        from figures.tab import METRICS
        from instances import duties, glances, tabs
        from observability import population as counts

        duties.register(duty.DUTY)
        tabs.register(METRICS)
        glances.register(glance.source)
        for name, gauge in population.GAUGES.items():
            counts.register(name, gauge)

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "figures"

    def ready(self) -> None:
        from figures import contents, duty, glance, own_costs, population
        from figures.tab import METRICS
        from instances import duties, glances, tabs
        from instances import own_costs as costs
        from observability import population as counts
        from orgs import contents as org_contents

        duties.register(duty.DUTY)
        tabs.register(METRICS)
        glances.register(glance.source)
        costs.register(own_costs.tell)
        org_contents.register(contents.contents)
        for name, gauge in population.GAUGES.items():
            counts.register(name, gauge)
        counts.register("figures_newest_sample_timestamp_seconds", population.newest_sample)

from django.apps import AppConfig


class InstancesConfig(AppConfig):
    name = "instances"

    def ready(self) -> None:
        from activity import links
        from instances import (
            adoption_views,
            duties,
            hosts,
            leading,
            of_events,
            own_certificate,
            probes,
            receivers,  # noqa: F401  connects them
            settings_views,
            suspension,
            tabs,
            tenants,
        )
        from instances import population as instances
        from instances.first_step import CREATE_INSTANCE
        from observability import health, population
        from orgs import contents, first_steps

        tabs.register(settings_views.TAB)
        tabs.register(adoption_views.TAB)
        first_steps.register(CREATE_INSTANCE)
        links.register(*of_events.TYPES, finder=of_events.pages)
        duties.register(hosts.DUTY)
        duties.register(tenants.DUTY)
        contents.register(tenants.contents)
        duties.register(suspension.DUTY)
        health.register(probes.CONTROLLER)
        population.register("redis_instances_total", instances.by_status)
        population.register("redis_instance_up", instances.up)
        population.register("redis_instance_memory_limit_bytes", instances.memory_limits)
        population.register_several(leading.LEASE, leading.lease)
        population.register_several(leading.DUTIES, leading.turns)
        population.register_several(leading.HOSTS, leading.hosts)
        population.register("certificate_expiry_timestamp_seconds", own_certificate.expiry)

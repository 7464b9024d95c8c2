from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "apikeys"
    verbose_name = "API keys"

    def ready(self) -> None:
        from activity import links
        from apikeys import (
            acl_names,
            acl_source,
            belongings,
            of_events,
            receivers,  # noqa: F401  connects them
            warnings,
        )
        from apikeys.first_step import CREATE_KEY
        from apikeys.first_use import first_use
        from apikeys.models import ApiKey
        from instances import acl_names as instance_acl_names
        from instances import acl_sources, duties, first_uses
        from observability import population
        from orgs import belongings as org_belongings
        from orgs import contents, first_steps

        acl_sources.register(acl_source.source)
        instance_acl_names.register(acl_names.names)
        first_steps.register(CREATE_KEY)
        first_uses.register(first_use)
        links.register(*of_events.TYPES, finder=of_events.pages)
        org_belongings.register(belongings.keys_made_by)
        contents.register(belongings.contents)
        duties.register(warnings.DUTY)
        population.register("api_keys_total", lambda: {(): ApiKey.objects.active().count()})

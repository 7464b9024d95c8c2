from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "apikeys"

    def ready(self) -> None:
        from apikeys import acl_source, receivers  # noqa: F401  receivers connect themselves
        from apikeys.first_step import CREATE_KEY
        from instances import acl_sources
        from orgs import first_steps

        acl_sources.register(acl_source.source)
        first_steps.register(CREATE_KEY)

from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "apikeys"

    def ready(self) -> None:
        from apikeys import acl_source
        from instances import acl_sources

        acl_sources.register(acl_source.source)

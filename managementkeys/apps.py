from django.apps import AppConfig


class ManagementKeysConfig(AppConfig):
    name = "managementkeys"

    def ready(self) -> None:
        from managementkeys import belongings
        from orgs import belongings as org_belongings

        org_belongings.register(belongings.keys_made_by)

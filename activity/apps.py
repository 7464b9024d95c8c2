from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity import links

        links.register("organization", "quota", "plan", finder=links.overview)

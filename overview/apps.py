from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "overview"

    def ready(self) -> None:
        from orgs import panels
        from overview import organizations, page

        panels.register(page.panel)
        panels.register_list(organizations.panel)

from django.apps import AppConfig


class BrowserConfig(AppConfig):
    name = "browser"

    def ready(self) -> None:
        from instances import tabs
        from orgs.roles import Permission

        tabs.register(
            tabs.Tab(
                position=30,
                name="data",
                label="Data",
                icon="search",
                url_name="browser:page",
                permission=Permission.DATA_VIEW,
            )
        )

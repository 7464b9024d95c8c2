from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"

    def ready(self) -> None:
        from console.tab import CONSOLE
        from instances import tabs

        tabs.register(CONSOLE)

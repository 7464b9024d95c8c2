from django.apps import AppConfig


class PaletteConfig(AppConfig):
    name = "palette"

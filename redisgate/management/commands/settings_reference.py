"""Print the reference page of settings."""

from django.conf import settings
from django.core.management.base import BaseCommand

from redisgate.settings_reference import parse, render


class Command(BaseCommand):
    help = "Print docs/reference/settings.md, made from .env.example."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        example = (settings.BASE_DIR / ".env.example").read_text()
        self.stdout.write(render(parse(example)), ending="")

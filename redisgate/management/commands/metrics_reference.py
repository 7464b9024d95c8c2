"""Print the reference page of metrics."""

from django.conf import settings
from django.core.management.base import BaseCommand

from observability.reference import render


class Command(BaseCommand):
    help = "Print docs/reference/metrics.md with its table made from observability/metrics.py."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        page = (settings.BASE_DIR / "docs" / "reference" / "metrics.md").read_text()
        self.stdout.write(render(page), ending="")

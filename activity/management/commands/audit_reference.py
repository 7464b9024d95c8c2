"""Print the reference page of audit events."""

from typing import Any

from django.core.management.base import BaseCommand

from audit import reference


class Command(BaseCommand):
    help = "Print docs/reference/audit-events.md, made from the vocabulary."
    requires_system_checks = ()
    page = "audit-events"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(reference.render(), ending="")

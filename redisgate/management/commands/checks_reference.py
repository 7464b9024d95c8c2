"""Print the reference page of system checks."""

from django.core.management.base import BaseCommand

from redisgate.checks_reference import render


class Command(BaseCommand):
    help = "Print docs/reference/checks.md, made from the checks."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        self.stdout.write(render(), ending="")

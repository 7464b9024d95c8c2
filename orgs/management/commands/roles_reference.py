"""Print the reference page of roles."""

from django.core.management.base import BaseCommand

from orgs.roles_reference import render


class Command(BaseCommand):
    help = "Print docs/reference/roles.md, made from orgs/roles.py."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        self.stdout.write(render(), ending="")

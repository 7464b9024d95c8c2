"""Print the reference page of the management API."""

from django.core.management.base import BaseCommand

from redisgate.openapi.reference import render


class Command(BaseCommand):
    help = "Print docs/reference/management-api.md, made from the API's description."
    requires_system_checks = ()
    page = "management-api"

    def handle(self, **options: object) -> None:
        self.stdout.write(render(), ending="")

"""Serve pages and APIs."""

import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from observability import metric_files
from redisgate.lib import open_files, role_marks


class Command(BaseCommand):
    help = "Serve pages and APIs on HOST and PORT (one of the processes that `up` runs)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fd", type=int, help="an open listening socket to serve instead")

    def handle(self, *, fd: int | None, **options: object) -> None:
        open_files.allow_many()
        # Before the import, which brings the metrics along: they'd never be shared afterwards.
        assert "prometheus_client" not in sys.modules, "something imports metrics at start"
        metric_files.begin(settings.METRICS_DIR)
        role_marks.mark("web")
        from redisgate.workers import Web

        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        Web(f"fd://{fd}" if fd is not None else f"{host}:{settings.PORT}").run()

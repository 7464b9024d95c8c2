"""Serve pages and APIs."""

import sys
from argparse import ArgumentParser

from django.conf import settings

from observability import metric_files
from redisgate.lib import open_files
from redisgate.lib.serving import ServingCommand
from redisgate.supervisor.listener import listen
from redisgate.supervisor.refusal import CannotStart


class Command(ServingCommand):
    help = "Serve pages and APIs on HOST and PORT (one of the processes that `up` runs)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fd", type=int, help="an open listening socket to serve instead")

    def handle(self, *, fd: int | None, **options: object) -> None:
        open_files.allow_many()
        # Before the import, which brings the metrics along: they'd never be shared afterwards.
        assert "prometheus_client" not in sys.modules, "something imports metrics at start"
        metric_files.begin(settings.METRICS_DIR)
        from redisgate.workers import Web

        Web(f"fd://{self._open_port() if fd is None else fd}").run()

    def _open_port(self) -> int:
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            self.refuse("The files for browsers are missing: run `manage.py collectstatic` first.")
        try:
            return listen(settings.HOST, settings.PORT).detach()
        except CannotStart as reason:
            self.refuse(str(reason))

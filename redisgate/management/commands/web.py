"""Serve pages and APIs."""

import os
import sys
from argparse import ArgumentParser

from django.conf import settings

from observability import metric_files
from redisgate.lib import open_files, role_marks
from redisgate.lib.serving import ServingCommand
from redisgate.supervisor.listener import listen
from redisgate.supervisor.refusal import CannotStart


class Command(ServingCommand):
    help = "Serve pages and APIs on HOST and PORT (one of the processes that `up` runs)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fd", type=int, help="an open listening socket to serve instead")

    def handle(self, *, fd: int | None, **options: object) -> None:
        if fd is None:
            self._require_files()
            self._require_port()
        open_files.allow_many()
        # Before the import, which brings the metrics along: they'd never be shared afterwards.
        assert "prometheus_client" not in sys.modules, "something imports metrics at start"
        metric_files.begin(settings.METRICS_DIR)
        role_marks.mark("web")
        from redisgate.workers import Web

        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        Web(f"fd://{fd}" if fd is not None else f"{host}:{settings.PORT}").run()

    def _require_files(self) -> None:
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            self.refuse("The files for browsers are missing: run `manage.py collectstatic` first.")

    def _require_port(self) -> None:
        """Refuse a port that is taken, which gunicorn would try again and again."""
        if {"GUNICORN_FD", "LISTEN_PID"} & os.environ.keys():
            return  # somebody hands it over: a former master, or systemd
        try:
            listen(settings.HOST, settings.PORT).close()
        except CannotStart as reason:
            self.refuse(str(reason))

"""Serve pages and APIs."""

import sys
from argparse import ArgumentParser

from django.conf import settings

from observability import metric_files
from redisgate import succession
from redisgate.lib import open_files, saying
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
        place = self._place(fd if fd is not None else succession.socket_of_systemd())
        open_files.allow_many()
        # Before the import, which brings the metrics along: they'd never be shared afterwards.
        assert "prometheus_client" not in sys.modules, "something imports metrics at start"
        metric_files.begin(settings.METRICS_DIR)
        succession.mark()
        from redisgate.workers import Web

        words = f"web: {settings.VERSION} starts {settings.WEB_WORKERS} processes"
        saying.say(words, sys.stdout)
        Web(place).run()

    def _place(self, fd: int | None) -> str:
        """Say where to listen; a former master hands its socket over whatever that is."""
        if fd is not None and not succession.is_successor():
            return f"fd://{fd}"
        if not succession.is_successor():
            self._require_port()
        host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
        return f"{host}:{settings.PORT}"

    def _require_files(self) -> None:
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            self.refuse(
                "The files for browsers are missing: run `manage.py collectstatic --noinput` first."
            )

    def _require_port(self) -> None:
        """Refuse a port that is taken, which gunicorn would try again and again."""
        try:
            listen(settings.HOST, settings.PORT, "set PORT={}".format).close()
        except CannotStart as reason:
            self.refuse(str(reason))

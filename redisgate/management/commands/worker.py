"""Run background jobs."""

import signal

from django.core.management.base import BaseCommand

from jobs import heartbeat, stranded
from jobs.worker import Worker
from redisgate.lib import pulse
from redisgate.lib.process_name import own_name


class Command(BaseCommand):
    help = "Run background jobs: mail, exports, roll-ups (one of the processes that `up` runs)."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        pulse.beat(pulse.of(heartbeat.ROLE))
        stranded.revive()
        worker = Worker(own_name())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        worker.run()

"""Run background jobs."""

import signal
import sys

from jobs import heartbeat, stranded
from jobs.worker import Worker
from redisgate.lib import pulse, role_marks, saying
from redisgate.lib.process_name import own_name
from redisgate.lib.serving import ServingCommand


class Command(ServingCommand):
    help = "Run background jobs: mail, exports, roll-ups (one of the processes that `up` runs)."

    def handle(self, **options: object) -> None:
        role_marks.mark("worker")
        pulse.beat(pulse.of(heartbeat.ROLE))
        stranded.revive()
        worker = Worker(own_name())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        saying.say("worker: started", sys.stdout)
        worker.run()
        saying.say("worker: stopped", sys.stdout)

"""`manage.py controller`: keep the servers as people wish them."""

import signal
import sys
from argparse import ArgumentParser
from typing import Any

from instances.controller import Controller
from redisgate.lib import database_refusal, direct_database, open_files, role_marks, saying
from redisgate.lib.serving import ServingCommand


class Command(ServingCommand):
    help = "Run the control loop. Its servers outlive it, unless told otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stop-instances-on-exit",
            action="store_true",
            help="Save and stop every server at the end; the next controller starts them again.",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        open_files.allow_many()
        role_marks.mark("controller")
        controller = Controller()
        stop_asked = _StopSignal(controller)
        saying.say("controller: started", sys.stdout)
        try:
            controller.run(stop_asked)
            if options["stop_instances_on_exit"]:
                controller.stop_all()
        except database_refusal.AWAY as error:
            reason = direct_database.reason(error)
            words = f"The database is away ({reason}), so the servers were left running. "
            self.refuse(f"{words}The next controller finds them again.")
        finally:
            controller.close()
        saying.say("controller: stopped", sys.stdout)


class _StopSignal:
    """True once SIGTERM or SIGINT came; both also end the loop's sleep."""

    def __init__(self, controller: Controller) -> None:
        self._came = False
        signal.set_wakeup_fd(controller.bell.signal_descriptor, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def __call__(self) -> bool:
        return self._came

    def _note(self, *_: object) -> None:
        self._came = True

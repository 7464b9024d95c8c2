"""Keep the controller running where its own end would be the end of all servers."""

import sys

from redisgate.lib import saying
from redisgate.lib.pulse import silent_seconds
from redisgate.lib.serving import ServingCommand
from redisgate.supervisor import roles
from redisgate.supervisor.supervisor import Supervisor

BEATS_SECONDS = 2.0


class Command(ServingCommand):
    help = (
        "Run the controller and start it again when it ends or hangs: for containers, which end "
        "with their first process, and the servers of the instances with them."
    )

    def handle(self, **options: object) -> None:
        role = roles.controller()
        assert role.pulse is not None
        pulse = role.pulse
        supervisor = Supervisor([role], is_ready=lambda: silent_seconds(pulse) < BEATS_SECONDS)
        supervisor.run(
            when_ready=lambda: self._say("keep: the controller is at work"),
            before_stop=lambda: self._say("keep: stopping, the servers are saved first"),
        )

    def _say(self, words: str) -> None:
        saying.say(words, sys.stdout)

"""A client without HTTP, straight to as many servers as the scenario has.

It has the core of the other contenders, and the servers theirs, so that it shows what nobody who
talks to so many servers can do without.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import processes
from bench.contenders.base import Contender, sample
from bench.figures import Sample
from bench.scenarios import Scenario
from bench.stage import Stage
from bench.wrk import Outcome
from tests.platform import ROOT


class Bare(Contender):
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def measure(self, scenario: Scenario, *, seconds: int) -> Sample:
        asked = {
            "sockets": self._stage.sockets(scenario.instances),
            "in_flight": scenario.connections,
            "seconds": seconds,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.bare_client"],
            input=json.dumps(asked),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + 60,
            preexec_fn=lambda: processes.pin(processes.SERVER_CORE),
        )
        found = json.loads(done.stdout)
        used = found.pop("cpu_seconds")
        return sample(Outcome(**found), used, commands=1, memory_mb=0.0)


@contextmanager
def running(stage: Stage) -> Iterator[Bare]:
    yield Bare(stage)

"""redis-benchmark straight to the instance: what the server itself can do.

Here the load has the core that the contenders have otherwise, because the server is alone on
the other one with it.
"""

import csv
import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bench import processes
from bench.contenders.base import Contender, sample
from bench.figures import Sample
from bench.programs import find
from bench.scenarios import Scenario
from bench.stage import Stage
from bench.wrk import Outcome

COMMANDS_PER_SECOND = 1_000_000
"""A guess, from which the number of commands comes."""


class Straight(Contender):
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def measure(self, scenario: Scenario, *, seconds: int) -> Sample:
        pid, count = self._stage.server_pid, seconds * COMMANDS_PER_SECOND
        used_before = processes.cpu_seconds(pid)
        report = self._run(scenario, count)
        used = processes.cpu_seconds(pid) - used_before
        outcome = read(report, count)
        return sample(outcome, used, commands=1, memory_mb=processes.resident_mb(pid))

    def _run(self, scenario: Scenario, count: int) -> str:
        command = [find("redis-benchmark") or "redis-benchmark", "-s", self._stage.socket_path]
        # Unlike redis-cli it doesn't read REDISCLI_AUTH, so whoever lists the processes here sees
        # the password of an instance that ends with the measurement.
        command += ["--user", "default", "-a", self._stage.password, "--csv", "-n", str(count)]
        command += ["-c", str(scenario.connections), "-P", str(scenario.commands)]
        done = subprocess.run(  # noqa: S603  the command is our own
            [*command, *scenario.command],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            preexec_fn=lambda: processes.pin(processes.SERVER_CORE),
        )
        return done.stdout


def read(report: str, count: int) -> Outcome:
    """Read the table of ``redis-benchmark --csv``, which has one row."""
    [row] = csv.DictReader(io.StringIO(report[report.index('"test"') :]))
    seconds = count / float(row["rps"])
    return Outcome(count, seconds, float(row["p50_latency_ms"]), float(row["p99_latency_ms"]))


@contextmanager
def running(stage: Stage) -> Iterator[Straight]:
    yield Straight(stage)

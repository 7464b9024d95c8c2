"""What every contender has in common: it is loaded for some seconds, and its CPU time counted."""

import http.client
from abc import ABC, abstractmethod

from bench import processes, wrk
from bench.figures import Sample
from bench.scenarios import Scenario
from bench.wrk import Load, LoadFailed, Outcome

PROBE_SECONDS = 10


class Contender(ABC):
    """One who is measured. It runs on the server's core and is idle between measurements."""

    @abstractmethod
    def measure(self, scenario: Scenario, *, seconds: int) -> Sample:
        """Put it under the scenario's load. Raises LoadFailed."""


class HttpContender(Contender):
    """A contender that speaks HTTP on a port, as one process."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    @abstractmethod
    def load(self, scenario: Scenario) -> Load:
        """Say the scenario's requests in this contender's own way."""

    def measure(self, scenario: Scenario, *, seconds: int) -> Sample:
        load = self.load(scenario)
        check(load, scenario.expects)
        used_before = processes.cpu_seconds(self.pid)
        outcome = wrk.run(load, connections=scenario.connections, seconds=seconds)
        used = processes.cpu_seconds(self.pid) - used_before
        return sample(
            outcome, used, commands=scenario.commands, memory_mb=processes.resident_mb(self.pid)
        )


def check(load: Load, expects: str) -> None:
    """Send one request to each path, which also connects, and look at the answers.

    wrk itself only looks at the status. Raises LoadFailed.
    """
    connection = http.client.HTTPConnection("127.0.0.1", load.port, timeout=PROBE_SECONDS)
    try:
        for path in load.paths:
            connection.request(load.method, path, load.bodies[0], dict(load.headers))
            response = connection.getresponse()
            answer = response.read()
            if response.status != http.client.OK or expects.encode() not in answer:
                raise LoadFailed(f"{response.status} {answer[:200].decode(errors='replace')}")
    finally:
        connection.close()


def sample(outcome: Outcome, cpu_seconds: float, *, commands: int, memory_mb: float) -> Sample:
    """Turn what was counted into figures per command."""
    count = outcome.requests * commands
    return Sample(
        per_second=count / outcome.seconds,
        p50_ms=outcome.p50_ms,
        p99_ms=outcome.p99_ms,
        cpu_us=cpu_seconds / count * 1e6,
        busy=cpu_seconds / outcome.seconds,
        memory_mb=memory_mb,
    )

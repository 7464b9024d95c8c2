"""An ASGI application that does nothing, on the server that RedisGate uses."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import processes
from bench.contenders.base import HttpContender
from bench.scenarios import Scenario
from bench.sdk import HEADERS as SDK_HEADERS
from bench.stage import Stage
from bench.wrk import Load
from tests.platform import ROOT, free_port


class DoNothing(HttpContender):
    def load(self, scenario: Scenario) -> Load:
        return Load(
            port=self.port,
            paths=["/"],
            bodies=['["SET", "foo", "bar"]'],
            headers=SDK_HEADERS if scenario.is_head_changing else {},
            is_head_changing=scenario.is_head_changing,
        )


@contextmanager
def running(stage: Stage) -> Iterator[DoNothing]:
    port = free_port()
    options = "--loop uvloop --http httptools --no-access-log --lifespan off --ws none"
    command = [sys.executable, "-m", "uvicorn", "bench.do_nothing_app:app"]
    command += ["--port", str(port), "--app-dir", str(ROOT), *options.split()]
    with processes.started(command, log=stage.log) as process:
        processes.wait_for_port(port, log=stage.log)
        yield DoNothing(process.pid, port)

"""RedisGate itself: one web worker of a running platform, by either door."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench import processes
from bench.contenders.base import HttpContender
from bench.scenarios import Form, Scenario
from bench.sdk import HEADERS as SDK_HEADERS
from bench.stage import Stage
from bench.wrk import Load
from tests import platform
from tests.waiting import wait_until


class RedisGate(HttpContender):
    """All protections are on; the key's rate limit is only too high to be reached."""

    def __init__(self, pid: int, port: int, stage: Stage) -> None:
        super().__init__(pid, port)
        self._stage = stage

    def load(self, scenario: Scenario) -> Load:
        headers = {"Authorization": f"Bearer {self._stage.token}"}
        if scenario.is_head_changing:
            headers |= SDK_HEADERS
        ids = self._stage.instance_ids[: scenario.instances]
        bases = [f"/redis/{instance_id}" for instance_id in ids]
        suffix, method = "", "POST"
        bodies = [json.dumps(command) for command in scenario.spelled_out()]
        if scenario.form is Form.PATH:
            suffix, method, bodies = "/" + "/".join(scenario.command), "GET", [""]
        elif scenario.form is Form.BATCH:
            suffix, bodies = "/pipeline", [json.dumps([scenario.command] * scenario.commands)]
        return Load(
            port=self.port,
            method=method,
            paths=[base + suffix for base in bases],
            bodies=bodies,
            headers=headers,
            is_head_changing=scenario.is_head_changing,
            is_random=scenario.is_random,
        )


@contextmanager
def running(stage: Stage, *, is_fast: bool) -> Iterator[RedisGate]:
    port = platform.free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **stage.environment,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "GATEWAY_FAST_LANE": str(int(is_fast)),
    }
    command = [*platform.MANAGE, "web"]
    with processes.started(command, log=stage.log, environment=environment) as master:
        wait_until(lambda: platform.is_ready(url), "the worker is ready", log=stage.log)
        yield RedisGate(processes.only_child(master.pid), port, stage)

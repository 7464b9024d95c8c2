"""webdis: the gateway in C that has no keys, scopes, limits or metrics. One thread."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench import processes
from bench.contenders.base import HttpContender
from bench.programs import find
from bench.scenarios import Form, Scenario
from bench.sdk import HEADERS as SDK_HEADERS
from bench.stage import Stage
from bench.wrk import Load
from tests.platform import free_port


class Webdis(HttpContender):
    """Commands are paths, or such a path without its first slash as the body."""

    def load(self, scenario: Scenario) -> Load:
        commands = ["/".join(words) for words in scenario.spelled_out()]
        is_path = scenario.form is Form.PATH
        return Load(
            port=self.port,
            method="GET" if is_path else "POST",
            paths=[f"/{words}" for words in commands] if is_path else ["/"],
            bodies=[""] if is_path else commands,
            headers=SDK_HEADERS if scenario.is_head_changing else {},
            is_head_changing=scenario.is_head_changing,
            is_random=scenario.is_random,
        )


@contextmanager
def running(stage: Stage) -> Iterator[Webdis]:
    port = free_port()
    file = stage.files / "webdis.json"
    file.write_text(json.dumps(config(stage, port)))
    with processes.started([find("webdis") or "webdis", str(file)], log=stage.log) as process:
        processes.wait_for_port(port, log=stage.log)
        yield Webdis(process.pid, port)


def config(stage: Stage, port: int) -> dict[str, object]:
    return {
        "redis_host": stage.socket_path,
        "redis_port": 0,
        "redis_auth": stage.password,
        "http_host": "127.0.0.1",
        "http_port": port,
        "threads": 1,
        "websockets": False,
        "daemonize": False,
        "verbosity": 0,
        "logfile": str(stage.files / "webdis.log"),
    }

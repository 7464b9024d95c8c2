"""What the platform's processes use, as the kernel counts it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from observability import metric_files, metrics, own_host, processes, websockets
from redisgate.lib import redis_watch, role_marks
from tests.platform import ROOT

WORK_SECONDS = 0.2
BUSY = f"import time\nwhile time.process_time() < {WORK_SECONDS}: pass"
MASTER = f"""
import subprocess, sys
print("ready", flush=True)
sys.stdin.readline()
subprocess.run([sys.executable, "-c", {BUSY!r}], check=True)
print("done", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def run_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_DIR", tmp_path)


def test_a_role_shows_what_its_process_uses() -> None:
    role_marks.mark("controller")
    told = processes.read()
    role = ("controller",)
    assert set(told) == {*metrics.PROCESSES, "process_cpu_seconds_total"}
    assert told["role_processes"][role] == 1
    assert told["process_resident_memory_bytes"][role] > 10_000_000
    assert 0 < told["process_open_fds"][role] <= told["process_max_fds"][role]
    started = told["process_start_time_seconds"][role]
    assert started < Path(f"/proc/{os.getpid()}").stat().st_mtime + 60


def test_what_an_ended_worker_of_web_used_stays_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    master = subprocess.Popen(
        [sys.executable, "-c", MASTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with master:
        monkeypatch.setattr(role_marks, "marked", lambda: {"web": master.pid})
        assert master.stdin is not None
        assert master.stdout is not None
        assert master.stdout.readline() == b"ready\n"
        before = processes.read()["process_cpu_seconds_total"]["web",]
        master.stdin.write(b"work\n")
        master.stdin.flush()
        assert master.stdout.readline() == b"done\n"
        assert processes.read()["process_cpu_seconds_total"]["web",] > before + WORK_SECONDS / 2
        master.stdin.close()


def test_a_process_that_is_gone_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(role_marks, "marked", lambda: {"worker": 4_194_305})
    assert not any(processes.read().values())


def test_processors_of_this_machine_were_busy_and_idle() -> None:
    told = own_host.read()["host_cpu_seconds_total"]
    assert {state for _, state in told} == {"busy", "idle"}
    assert all(seconds > 0 for seconds in told.values())


def test_idle_time_never_falls_even_where_the_kernel_takes_some_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_host, "_most_idle", 0)
    assert own_host.ticks_of("cpu  10 0 5 100 20 0 0 1 7 0\ncpu0 1") == (16, 120)
    assert own_host.ticks_of("cpu  11 0 5 100 12 0 0 1 7 0\ncpu0 1") == (17, 120)


def test_idle_time_never_falls_from_one_worker_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, str(tmp_path))
    told = [idle_in_a_worker(idle) for idle in (120, 112, 121)]
    assert told == [120, 120, 121]


def test_watermark_whose_writing_was_interrupted_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, str(tmp_path))
    (tmp_path / own_host.MOST_IDLE).write_text("")
    assert [idle_in_a_worker(idle) for idle in (120, 112)] == [120, 120]


def test_watermark_that_nothing_rises_above_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, str(tmp_path))
    idle_in_a_worker(120)
    before = (tmp_path / own_host.MOST_IDLE).stat()
    idle_in_a_worker(112)
    after = (tmp_path / own_host.MOST_IDLE).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_worker_that_can_write_no_watermark_tells_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metric_files.VARIABLE, str(tmp_path / "nowhere"))
    monkeypatch.setattr(own_host, "_most_idle", 0)
    told = [own_host.ticks_of(f"cpu  10 0 5 {idle} 0")[1] for idle in (120, 112)]
    assert told == [120, 120]


def idle_in_a_worker(idle: int) -> int:
    stat = f"cpu  10 0 5 {idle} 0 0 0 1 7 0"
    code = f"from observability import own_host; print(own_host.ticks_of({stat!r})[1])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    return int(told.stdout)


async def test_sockets_are_counted_while_they_are_open() -> None:
    seen = []

    async def app(*_: object) -> None:
        seen.append(metrics.REGISTRY.get_sample_value("websocket_connections"))
        raise ConnectionResetError

    before = metrics.REGISTRY.get_sample_value("websocket_connections") or 0.0
    with pytest.raises(ConnectionResetError):
        await websockets.Counted(app)({}, None, None)
    assert seen == [before + 1]
    assert metrics.REGISTRY.get_sample_value("websocket_connections") == before


def test_calls_to_the_platforms_redis_are_published_with_the_next_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = {"use": "of-a-test", "outcome": "fallback"}
    monkeypatch.setattr(redis_watch, "calls", Counter({("of-a-test", "fallback"): 3}))
    Client().get("/version")
    assert metrics.REGISTRY.get_sample_value("platform_redis_calls_total", labels) == 3


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/health/live", "10.0.0.7:8000", 200),
        ("/health/live", "[fd00::7]:8000", 200),
        ("/metrics", "10.0.0.7", 200),
        ("/version", "10.0.0.7:8000", 200),
        ("/health/live", "rebound.example", 400),
        ("/metrics", "10.0.0.7.example", 400),
        ("/accounts/login/", "10.0.0.7:8000", 400),
    ],
)
def test_machines_ask_by_address_and_pages_by_name(
    db: None, monkeypatch: pytest.MonkeyPatch, path: str, host: str, status: int
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", [".localhost", "127.0.0.1"])
    assert Client().get(path, HTTP_HOST=host).status_code == status

"""What the supervisor decides, as values."""

import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from redisgate.lib import pulse
from redisgate.supervisor.child import Child
from redisgate.supervisor.only_one import Running, only_one, who_runs
from redisgate.supervisor.refusal import CannotStart
from redisgate.supervisor.restarts import GOOD_RUN_SECONDS, LONGEST_WAIT_SECONDS, BackOff
from redisgate.supervisor.roles import Role, all_roles, stop_order
from tests.waiting import wait_until


def test_waits_double_up_to_half_a_minute() -> None:
    back_off = BackOff()
    assert [back_off.after(1) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert LONGEST_WAIT_SECONDS == 30


def test_good_run_forgets_earlier_failures() -> None:
    back_off = BackOff()
    for _ in range(5):
        back_off.after(1)
    assert back_off.after(GOOD_RUN_SECONDS) == 0.5


def test_platform_redis_starts_first_and_stops_last(settings: Settings) -> None:
    settings.REDIS_URL = settings.OWN_REDIS_URL
    roles = all_roles(7, Path("valkey-server"))
    assert [role.name for role in roles] == ["platform-redis", "web", "controller", "worker"]
    assert [role.name for role in stop_order(roles)] == [
        "web",
        "worker",
        "controller",
        "platform-redis",
    ]


def test_no_worker_is_started_where_jobs_are_done_at_once(settings: Settings) -> None:
    settings.JOB_QUEUE = "immediate"
    assert "worker" not in [role.name for role in all_roles(7, Path("valkey-server"))]


def test_redis_of_the_operator_is_left_alone(settings: Settings) -> None:
    settings.REDIS_URL = "redis://elsewhere:6379/0"
    assert "platform-redis" not in [role.name for role in all_roles(7, Path("valkey-server"))]


def test_only_one_holds_the_pid_file(tmp_path: Path) -> None:
    pid_file = tmp_path / "up.pid"
    with (
        only_one(pid_file, Running("http://127.0.0.1:8000", "127.0.0.1", 8000)),
        pytest.raises(CannotStart, match=r"runs already.*http://127\.0\.0\.1:8000"),
        only_one(pid_file, Running("http://127.0.0.1:8001", "127.0.0.1", 8001)),
    ):
        pass
    with only_one(pid_file, Running("http://127.0.0.1:8002", "127.0.0.1", 8002)):
        assert who_runs(pid_file) == Running("http://127.0.0.1:8002", "127.0.0.1", 8002)
    assert who_runs(pid_file) is None


def test_left_pid_file_names_nobody(tmp_path: Path) -> None:
    pid_file = tmp_path / "up.pid"
    pid_file.write_text("1\nhttp://127.0.0.1:8000\n127.0.0.1\n8000\n")
    assert who_runs(pid_file) is None


def test_a_process_that_shows_no_sign_of_work_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redisgate.supervisor.child.HUNG_SECONDS", 0.3)
    file = tmp_path / "role.pulse"
    command = (sys.executable, "-c", "import time; time.sleep(30)")
    with_pulse, without = (Child(Role("role", command, 1, pulse=each)) for each in (file, None))
    assert not with_pulse.is_hung(), "it doesn't run"
    try:
        for child in (with_pulse, without):
            child.start()
        pulse.beat(file)
        assert not with_pulse.is_hung()
        wait_until(with_pulse.is_hung, "it hangs")
        pulse.beat(file)
        assert not with_pulse.is_hung()
        assert not without.is_hung()
    finally:
        with_pulse.kill()
        without.kill()

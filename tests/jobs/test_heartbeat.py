"""A worker shows that it lives, and its job isn't forgotten with it."""

import logging
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, InternalError, OperationalError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from jobs import heartbeat, outcomes, stranded, worker
from jobs.models import Worker as Seen
from jobs.queue import Status
from redisgate.lib import pulse
from tests.jobs import chores
from tests.jobs.chores import be_interrupted, note
from tests.platform import ROOT
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "elsewhere:1:1"
"""A worker of another machine, where nobody here can look whether it lives."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "PULSE_SECONDS", 0.02)


def test_job_of_a_worker_that_is_asked_to_stop_twice_waits_a_minute_and_not_an_hour() -> None:
    be_interrupted.enqueue()
    with pytest.raises(SystemExit):
        worker.Worker(ELSEWHERE).run()
    is_queued_again_within_a_minute()


def test_job_whose_end_could_not_be_written_waits_a_minute_and_not_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> bool:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(outcomes, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(outcomes, "_write", away)
    note.enqueue("word")
    with pytest.raises(OperationalError):
        worker.Worker(ELSEWHERE).run()
    assert chores.done == ["word"]
    is_queued_again_within_a_minute()


def is_queued_again_within_a_minute() -> None:
    assert stranded.revive() == 0
    silent_since = timezone.now() - heartbeat.SILENT_AFTER - timedelta(seconds=1)
    Seen.objects.update(seen_at=silent_since)
    assert stranded.revive() == 1
    assert DBTaskResult.objects.get().status == Status.READY


def test_worker_that_waits_for_a_silent_database_has_a_pulse(
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.RUN_DIR = tmp_path
    monkeypatch.setattr(heartbeat, "SIGN_SECONDS", 0.0)
    file = pulse.of(heartbeat.ROLE)
    with caplog.at_level(logging.DEBUG, "redisgate.jobs"), heartbeat.Heartbeat(ELSEWHERE):
        wait_until(Seen.objects.exists, "it says that it is there")
        with transaction.atomic():  # whoever writes this row waits for us
            Seen.objects.update(seen_at=timezone.now())
            for _ in range(3):
                file.unlink(missing_ok=True)
                wait_until(file.exists, "its pulse goes on")
            assert "can't say that it is there" not in caplog.text, "it waits no more"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
def test_worker_signs_again_after_the_database_was_away(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    really, refusals = Seen.objects.update_or_create, [error("connection already closed")] * 2

    def sign(**row: Any) -> object:
        if refusals:
            raise refusals.pop()
        return really(**row)

    monkeypatch.setattr(Seen.objects, "update_or_create", sign)
    with heartbeat.Heartbeat(ELSEWHERE):
        wait_until(Seen.objects.exists, "it says that it is there")


@pytest.mark.parametrize(("seconds", "is_hung"), [(1, False), (601, True)])
def test_job_that_takes_too_long_is_taken_for_one_that_hangs(
    seconds: float, is_hung: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    beating, now = heartbeat.Heartbeat(ELSEWHERE), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + seconds)
    assert beating.is_hung == is_hung
    beating.turn_to_next()
    assert not beating.is_hung


@pytest.mark.parametrize(
    "trouble",
    ["heartbeat.MOST_JOB_SECONDS = 0.0", "heartbeat.sign = None"],
    ids=["its job hangs", "it can't sign any more"],
)
def test_worker_past_help_ends_itself(trouble: str) -> None:
    program = (
        f"import time; from jobs import heartbeat; {trouble};"
        "heartbeat.PULSE_SECONDS = heartbeat.GRACE_SECONDS = 0.01;"
        "heartbeat.Heartbeat('elsewhere:1:1').__enter__(); time.sleep(3600)"
    )
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 1
    assert "worker elsewhere:1:1 ends, because it hangs" in ended.stdout + ended.stderr

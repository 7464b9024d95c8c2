"""Jobs whose worker was killed."""

import os
import subprocess
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jobs import figures, heartbeat, stranded
from jobs.models import Worker
from jobs.queue import Job
from redisgate.lib.process_name import own_name, own_place

pytestmark = pytest.mark.django_db


def running_job(*worker_ids: str, age: timedelta = timedelta(0)) -> Job:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="jobs.nothing",
        worker_ids=list(worker_ids),
        backend_name="default",
        run_after=timezone.now(),
        started_at=timezone.now() - age,
    )


def dead_worker() -> str:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return f"{own_place()}:{process.pid}:1"


def status_after_reviving(job: Job) -> str:
    stranded.revive()
    job.refresh_from_db()
    return str(job.status)


def test_job_of_a_dead_worker_is_queued_again() -> None:
    assert status_after_reviving(running_job(dead_worker())) == TaskResultStatus.READY


def test_job_of_a_living_worker_is_left_alone() -> None:
    assert status_after_reviving(running_job(own_name())) == TaskResultStatus.RUNNING


def test_job_whose_workers_pid_is_anothers_now_is_queued_again() -> None:
    reused = f"{own_place()}:{os.getpid()}:1"
    assert status_after_reviving(running_job(reused)) == TaskResultStatus.READY


def test_job_that_killed_three_workers_fails() -> None:
    job = running_job(dead_worker())
    for _ in range(stranded.MOST_DEATHS - 1):
        assert status_after_reviving(job) == TaskResultStatus.READY
        job.worker_ids.append(dead_worker())
        job.status = TaskResultStatus.RUNNING
        job.save()
    assert status_after_reviving(job) == TaskResultStatus.FAILED
    assert job.worker_ids[0].startswith("killed: ")
    finished = Counter(figures.figures()[figures.FINISHED])
    assert +finished == {("unknown", "lost"): 2, ("unknown", "failed"): 1}


def test_attempts_that_failed_are_no_deaths() -> None:
    job = running_job(*[own_name()] * 20, dead_worker())
    assert status_after_reviving(job) == TaskResultStatus.READY


def test_worker_of_another_machine_is_given_up_after_a_minute_of_silence() -> None:
    Worker.objects.create(name="elsewhere:1:1", seen_at=timezone.now())
    job = running_job("elsewhere:1:1", age=timedelta(hours=2))
    assert status_after_reviving(job) == TaskResultStatus.RUNNING
    Worker.objects.update(seen_at=timezone.now() - 2 * heartbeat.SILENT_AFTER)
    assert status_after_reviving(job) == TaskResultStatus.READY


def test_worker_that_hangs_is_given_up_after_a_minute_of_silence() -> None:
    silent_since = timezone.now() - 2 * heartbeat.SILENT_AFTER
    Worker.objects.create(name=own_name(), seen_at=silent_since)
    assert status_after_reviving(running_job(own_name())) == TaskResultStatus.READY


def test_process_of_another_machine_that_is_no_worker_is_given_up_after_an_hour() -> None:
    assert status_after_reviving(running_job("elsewhere:1:1")) == TaskResultStatus.RUNNING
    old = running_job("elsewhere:1:1", age=timedelta(hours=2))
    assert status_after_reviving(old) == TaskResultStatus.READY


def test_job_whose_end_a_living_process_could_not_write_is_given_up_after_an_hour() -> None:
    job = running_job(own_name(), age=timedelta(hours=2))
    assert status_after_reviving(job) == TaskResultStatus.READY


def finished_job(status: str, age: timedelta) -> Job:
    job = running_job(own_name())
    job.status, job.finished_at = status, timezone.now() - age
    job.save()
    return job


def test_failed_job_stays_failed() -> None:
    job = finished_job(TaskResultStatus.FAILED, timedelta(0))
    assert status_after_reviving(job) == TaskResultStatus.FAILED


def test_finished_jobs_are_cleared_away_and_failed_ones_later() -> None:
    kept = [
        finished_job(TaskResultStatus.SUCCESSFUL, timedelta(hours=20)),
        finished_job(TaskResultStatus.FAILED, timedelta(days=10)),
        running_job(own_name(), age=timedelta(days=100)),
    ]
    finished_job(TaskResultStatus.SUCCESSFUL, timedelta(days=2))
    finished_job(TaskResultStatus.FAILED, timedelta(days=15))
    assert stranded.clear_finished() == 2
    assert set(DBTaskResult.objects.all()) == set(kept)

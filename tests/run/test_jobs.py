"""Jobs whose worker was killed."""

import os
import socket
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from redisgate import jobs
from redisgate.lib.process_name import own_name

pytestmark = pytest.mark.django_db


def running_job(*worker_ids: str, age: timedelta = timedelta(0)) -> jobs.Job:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="redisgate.jobs.nothing",
        worker_ids=list(worker_ids),
        backend_name="default",
        run_after=timezone.now(),
        started_at=timezone.now() - age,
    )


def dead_worker() -> str:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return f"{socket.gethostname()}:{process.pid}:1"


def status_after_reviving(job: jobs.Job) -> str:
    jobs.revive_stranded()
    job.refresh_from_db()
    return str(job.status)


def test_job_of_a_dead_worker_is_queued_again() -> None:
    assert status_after_reviving(running_job(dead_worker())) == TaskResultStatus.READY


def test_job_of_a_living_worker_is_left_alone() -> None:
    assert status_after_reviving(running_job(own_name())) == TaskResultStatus.RUNNING


def test_job_whose_workers_pid_is_anothers_now_is_queued_again() -> None:
    reused = f"{socket.gethostname()}:{os.getpid()}:1"
    assert status_after_reviving(running_job(reused)) == TaskResultStatus.READY


def test_job_that_killed_three_workers_fails() -> None:
    job = running_job(*[dead_worker() for _ in range(jobs.MOST_ATTEMPTS)])
    assert status_after_reviving(job) == TaskResultStatus.FAILED


def test_worker_of_another_machine_is_given_up_after_an_hour() -> None:
    assert status_after_reviving(running_job("elsewhere:1:1")) == TaskResultStatus.RUNNING
    old = running_job("elsewhere:1:1", age=timedelta(hours=2))
    assert status_after_reviving(old) == TaskResultStatus.READY


def finished_job(status: str, age: timedelta) -> jobs.Job:
    job = running_job(own_name())
    job.status, job.finished_at = status, timezone.now() - age
    job.save()
    return job


def test_job_whose_worker_was_stopped_halfway_is_queued_again() -> None:
    job = finished_job(TaskResultStatus.FAILED, timedelta(0))
    job.exception_class_path = jobs.INTERRUPTED
    job.save()
    assert status_after_reviving(job) == TaskResultStatus.READY


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
    assert jobs.clear_finished() == 2
    assert set(DBTaskResult.objects.all()) == set(kept)

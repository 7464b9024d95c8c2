"""The platform's own queue, and a small room of tasks to be done."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from jobs import claims, running
from jobs.queue import Job
from redisgate.lib.process_name import own_name
from tests.jobs import chores

QUEUE = {"default": {"BACKEND": "jobs.backend.QueueBackend"}}


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> Iterator[None]:
    """Jobs go to rows, as they do outside of tests."""
    settings.TASKS = QUEUE
    chores.done.clear()
    yield
    chores.done.clear()


def work(most: int = 100, name: str = "") -> list[Job]:
    """Do what is due, as a worker would, and give it in its order."""
    done: list[Job] = []
    while len(done) < most and (job := claims.take(name or own_name(), turn=len(done) + 1)):
        running.run(job)
        done.append(job)
    return done

"""Where `enqueue` puts a job: in a row, which belongs to the transaction under way."""

from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django_tasks_db import DatabaseBackend

from jobs import bell, in_process


class QueueBackend(DatabaseBackend):
    """What is rolled back is never done, and what is committed is never lost."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        result: Any = super().enqueue(task, args, kwargs)
        if task.run_after is None:
            transaction.on_commit(partial(announce, UUID(result.id)))
        return result

    async def aenqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        # In a thread, because announcing waits for an answer.
        return await sync_to_async(self.enqueue)(task, args, kwargs)


def announce(job: UUID) -> None:
    """Have a job that is due begun soon, by whoever does jobs here."""
    if settings.JOB_QUEUE == in_process.IMMEDIATE:
        in_process.run_soon(job)
    else:
        bell.ring()

"""Who runs which job next."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from jobs import queue
from jobs.queue import Job

CANDIDATES = 8
ROUNDS = 3
BY_AGE_EVERY = 4
"""Each so many jobs a worker takes what has waited longest, so that nothing waits for ever."""


def take(worker: str, turn: int) -> Job | None:
    """Claim what should run next, or return None when nothing is due.

    Where others are always faster it gives up after some rounds, as if there were nothing.
    """
    for _ in range(ROUNDS):
        candidates = list(_in_order(turn).values_list("pk", flat=True)[:CANDIDATES])
        if not candidates:
            return None
        for pk in candidates:
            job = claim(pk, worker)
            if job is not None:
                return job
    return None


def claim(pk: UUID, worker: str) -> Job | None:
    """Claim this job, or return None when somebody else was faster or it isn't due."""
    with transaction.atomic():
        # The lock: PostgreSQL's is on the row, SQLite's is taken as the transaction begins.
        job = queue.due().select_for_update(skip_locked=True).filter(pk=pk).first()
        if job is not None:
            job.claim(worker)
    return job


def _in_order(turn: int) -> QuerySet[Job]:
    if turn % BY_AGE_EVERY == 0:
        return queue.due().order_by(queue.due_at())
    return queue.due()  # by priority, as its index is

"""Adding to the sums, inside the transaction in which a job ends."""

from django.db.models import F

from jobs import queue, tasks
from jobs.models import Outcome, Tally
from jobs.queue import Job


def add(job: Job, outcome: Outcome, run_seconds: float) -> None:
    """Count one run of a job."""
    same = {"task": tasks.label_of(job.task_path), "outcome": outcome}
    more = {
        "runs": F("runs") + 1,
        "run_seconds": F("run_seconds") + run_seconds,
        "waited_seconds": F("waited_seconds") + queue.waited_seconds(job),
    }
    rows = Tally.objects.filter(**same)
    if not rows.update(**more):
        Tally.objects.bulk_create([Tally(**same)], ignore_conflicts=True)
        rows.update(**more)

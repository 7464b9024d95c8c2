"""Run background jobs."""

from typing import Any

from django.core.management.base import BaseCommand
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from redisgate import jobs
from redisgate.lib import log_context
from redisgate.lib.process_name import own_name


class NamingWorker(Worker):
    """A worker whose lines of the log name the job."""

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        with log_context.scope(job=db_task_result.id):
            super().run_task(db_task_result)


class Command(BaseCommand):
    help = "Run background jobs: mail, exports, roll-ups (one of the processes that `up` runs)."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        jobs.revive_stranded()
        worker = NamingWorker(
            queue_names=["*"],
            interval=1,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=own_name(),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()

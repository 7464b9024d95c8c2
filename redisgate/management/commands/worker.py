"""Run background jobs."""

from django_tasks_db.management.commands.db_worker import Worker

from redisgate import jobs
from redisgate.lib import role_marks
from redisgate.lib.process_name import own_name
from redisgate.lib.serving import ServingCommand


class Command(ServingCommand):
    help = "Run background jobs: mail, exports, roll-ups (one of the processes that `up` runs)."

    def handle(self, **options: object) -> None:
        role_marks.mark("worker")
        jobs.revive_stranded()
        worker = Worker(
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

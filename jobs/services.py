"""What operators do with jobs that failed for good."""

from functools import partial

from django.db import transaction
from django_tasks_db.models import get_date_max

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from jobs import outcomes
from jobs.backend import announce
from jobs.models import DeadLetter
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def run_again(actor: Actor, letter: DeadLetter) -> bool:
    """Queue a failed job with all its attempts before it; False when it failed no longer."""
    columns = {**outcomes.waiting(), **outcomes.NO_ERROR, "worker_ids": []}
    with transaction.atomic():
        if not DeadLetter.objects.filter(pk=letter.pk).update(**columns, run_after=get_date_max()):
            return False
        _record(actor, Action.JOB_RUN_AGAIN, letter)
        transaction.on_commit(partial(announce, letter.pk))
    return True


@retried_when_locked
def forget(actor: Actor, letter: DeadLetter) -> bool:
    """Delete a failed job and what it was to work on; False when it failed no longer."""
    with transaction.atomic():
        if not DeadLetter.objects.filter(pk=letter.pk).delete()[0]:
            return False
        _record(actor, Action.JOB_FORGET, letter)
    return True


def _record(actor: Actor, action: Action, letter: DeadLetter) -> None:
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=letter.pk,
        object_label=letter.task_path,
        changes={"attempts": letter.attempts, "error": letter.exception_class_path},
    )

"""Jobs that failed for good: why, run once more, or forgotten.

What a job was to work on is not shown: it is sealed, and its links would open accounts.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.actors import actor_of
from audit.actors import Means
from jobs import error_text, services
from jobs.models import DeadLetter
from redisgate.lib.operators_admin import LookOnlyAdmin, asked_first
from redisgate.lib.sentences import first_line
from redisgate.lib.units import counted


class TaskFilter(admin.SimpleListFilter):
    """The tasks of which one failed."""

    title = "task"
    parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        tasks = DeadLetter.objects.order_by("task_path").values_list("task_path", flat=True)
        return [(task, task) for task in tasks.distinct()]

    def queryset(self, request: HttpRequest, letters: QuerySet[Any]) -> QuerySet[Any]:
        return letters.filter(task_path=self.value()) if self.value() else letters


@admin.register(DeadLetter)
class DeadLetterAdmin(LookOnlyAdmin[DeadLetter]):
    list_display = ("task", "finished_at", "attempts", "reason")
    list_filter = (TaskFilter, "finished_at")
    search_fields = ("task_path", "exception_class_path", "=id")
    search_help_text = "A task, the kind of its error, or the id that stands in the worker's log."
    ordering = ("-finished_at",)
    actions = ("run_again", "forget")
    fields = readonly_fields = (
        "id",
        "task",
        "priority",
        "enqueued_at",
        "started_at",
        "finished_at",
        "attempts",
        "workers",
        "error",
    )

    @admin.display(description="task", ordering="task_path")
    def task(self, letter: DeadLetter) -> str:
        return letter.task_path

    @admin.display(description="attempts")
    def attempts(self, letter: DeadLetter) -> int:
        return letter.attempts

    @admin.display(description="reason", ordering="exception_class_path")
    def reason(self, letter: DeadLetter) -> str:
        """Give the last line, which is the error itself, without the module of its kind."""
        lines = letter.traceback.strip().splitlines() or ["unknown"]
        module = letter.exception_class_path.rpartition(".")[0]
        return first_line(error_text.without_secrets(lines[-1]).removeprefix(f"{module}."))

    @admin.display(description="workers")
    def workers(self, letter: DeadLetter) -> str:
        return format_html(
            '<pre class="rg-admin-text">{}</pre>', "\n".join(letter.worker_ids) or "none"
        )

    @admin.display(description="error")
    def error(self, letter: DeadLetter) -> str:
        return _as_text(error_text.without_secrets(letter.traceback))

    @admin.action(description="Run the selected jobs again", permissions=["operate"])
    @asked_first(
        title="Run jobs again",
        words="A worker takes them at once, with all their attempts before them. What a job had "
        "done before it failed, it may do twice.",
        button="Run again",
    )
    def run_again(self, request: HttpRequest, letters: QuerySet[DeadLetter]) -> None:
        actor = actor_of(request, Means.DASHBOARD)
        number = self.act_on_each(
            request, letters, lambda letter: services.run_again(actor, letter)
        )
        messages.success(request, f"Queued again: {counted(number, 'job')}.")

    @admin.action(description="Forget the selected jobs", permissions=["operate"])
    @asked_first(
        title="Forget jobs",
        words="They are deleted with what they were to work on, a mail with its text, and can't "
        "be run again.",
        button="Forget",
    )
    def forget(self, request: HttpRequest, letters: QuerySet[DeadLetter]) -> None:
        actor = actor_of(request, Means.DASHBOARD)
        number = self.act_on_each(request, letters, lambda letter: services.forget(actor, letter))
        messages.success(request, f"Forgotten: {counted(number, 'job')}.")


def _as_text(lines: str) -> str:
    return format_html('<pre class="rg-admin-text">{}</pre>', lines)

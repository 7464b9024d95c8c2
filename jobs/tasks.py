"""What a job is: a function, who waits for it, and when it is worth another attempt."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django_tasks import task
from django_tasks.base import Task

from jobs.priorities import Priority
from jobs.retries import Retries

P = ParamSpec("P")
T = TypeVar("T")

UNKNOWN = "unknown"

_retries: dict[str, Retries] = {}


def job(
    *, priority: Priority = Priority.NOTICE, retries: Retries | None = None
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a function a job. It may run twice, where a worker was killed, and must bear it."""

    def declare(function: Callable[P, T]) -> Task[P, T]:
        declared = task(priority=int(priority))(function)
        _retries[declared.module_path] = retries or Retries()
        return declared

    return declare


def retries_of(path: str) -> Retries:
    return _retries.get(path) or Retries()


def label_of(path: str) -> str:
    """Name a task in metrics: only those that are declared, whatever stands in a row."""
    return path if path in _retries else UNKNOWN


def labels() -> list[str]:
    """Give all that `label_of` ever gives."""
    return [*_retries, UNKNOWN]

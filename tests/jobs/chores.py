"""Tasks that tests have done; they stand at module level, because a row names them."""

from datetime import timedelta

from jobs.priorities import Priority
from jobs.retries import Retries
from jobs.tasks import job

done: list[str] = []

QUICK = Retries(attempts=3, first_pause=timedelta(seconds=8), on=(OSError,))


@job()
def note(word: str) -> None:
    done.append(word)


@job(priority=Priority.SOMEBODY_WAITS)
def note_first(word: str) -> None:
    done.append(word)


@job(priority=Priority.NOBODY_WAITS)
def note_last(word: str) -> None:
    done.append(word)


@job(retries=QUICK)
def stumble(word: str) -> None:
    """Fail as a network does."""
    done.append(word)
    raise ConnectionResetError(f"ada@example.com at redis://user:{word}@host/0")


@job(retries=QUICK)
def be_wrong() -> None:
    """Fail as a program does."""
    raise KeyError("secret=hunter2")

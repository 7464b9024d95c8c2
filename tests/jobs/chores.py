"""Tasks that tests have done; they stand at module level, because a row names them."""

from datetime import timedelta
from threading import Event

from jobs.priorities import Priority
from jobs.retries import Retries
from jobs.tasks import job
from tests.waiting import PATIENCE_SECONDS

done: list[str] = []

QUICK = Retries(attempts=3, first_pause=timedelta(minutes=8), on=(OSError,))


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


@job()
def be_interrupted() -> None:
    """End as a job does whose worker is asked to stop for the second time."""
    raise SystemExit(1)


begun, go_on = Event(), Event()


@job()
def take_long() -> None:
    """Wait until a test lets it go on."""
    begun.set()
    assert go_on.wait(PATIENCE_SECONDS)
    done.append("took long")

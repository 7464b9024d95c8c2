import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from redisgate.lib.errors import Unavailable
from redisgate.lib.write_lock import ATTEMPTS, retried_when_locked

pytestmark = pytest.mark.django_db(transaction=True)


class Book:
    """A SQLite file that another writer holds, until so many attempts were made to write."""

    def __init__(self, path: Path, *, freed_after: int | None) -> None:
        self.attempts = 0
        self.freed_after = freed_after
        self.other = sqlite3.connect(path, isolation_level=None)
        self.other.execute("CREATE TABLE lines (text)")
        self.other.execute("BEGIN IMMEDIATE")
        self.ours = impatient_connection(path)

    @retried_when_locked
    def write(self) -> str:
        self.attempts += 1
        if self.attempts == self.freed_after:
            self.other.execute("ROLLBACK")
        with self.ours.cursor() as cursor:
            cursor.execute("INSERT INTO lines VALUES ('hello')")
        return "written"

    def close(self) -> None:
        self.ours.close()
        self.other.close()


def impatient_connection(path: Path) -> BaseDatabaseWrapper:
    options = {"timeout": 0, "transaction_mode": "IMMEDIATE"}
    engine = "django.db.backends.sqlite3"
    handler = ConnectionHandler({"default": {"ENGINE": engine, "NAME": path, "OPTIONS": options}})
    return handler["default"]


@pytest.fixture
def held_book(tmp_path: Path) -> Iterator[Book]:
    with closing(Book(tmp_path / "book.sqlite3", freed_after=None)) as book:
        yield book


@pytest.fixture
def soon_free_book(tmp_path: Path) -> Iterator[Book]:
    with closing(Book(tmp_path / "book.sqlite3", freed_after=2)) as book:
        yield book


def test_write_succeeds_when_the_other_writer_is_done(soon_free_book: Book) -> None:
    assert soon_free_book.write() == "written"
    assert soon_free_book.attempts == 2


def test_person_is_asked_to_try_again_when_it_stays_locked(held_book: Book) -> None:
    with pytest.raises(Unavailable, match="try again") as refusal:
        held_book.write()
    assert held_book.attempts == ATTEMPTS
    assert refusal.value.retry_after_seconds == 1


def test_other_database_errors_pass_through_at_once() -> None:
    calls: list[int] = []

    @retried_when_locked
    def write() -> None:
        calls.append(1)
        raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError, match="disk"):
        write()
    assert calls == [1]

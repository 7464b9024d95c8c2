"""What rooms count for metrics: one at a time, in bounded time, each for itself."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from accounts.models import User
from observability import population
from observability.population import Counts
from redisgate.lib import remembering
from tests.locked_table import locked
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has sources of its own, and nothing is remembered."""
    monkeypatch.setattr(population, "_sources", {})
    monkeypatch.setattr(population, "_failing", set())
    population.forget()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What is remembered grows old by this clock."""
    now = [1000.0]
    monkeypatch.setattr(remembering, "time", SimpleNamespace(monotonic=lambda: now[0]))
    yield now
    population.forget()


def people() -> Counts:
    return {(): float(User.objects.count())}


def broken() -> Counts:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    raise AssertionError


def away() -> Counts:
    raise OperationalError("the connection is closed")


def never() -> Counts:
    raise AssertionError


@contextmanager
def elsewhere(work: Callable[[], object]) -> Iterator[None]:
    """Have another thread do it meanwhile."""

    def work_and_leave() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(work_and_leave)
        yield
        done.result(PATIENCE_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_while_one_counts_the_others_are_given_what_was_counted_before(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setattr(population, "WAIT_SECONDS", 0.05)
    has_begun, may_go_on, turns = threading.Event(), threading.Event(), 0

    def slow() -> Counts:
        nonlocal turns
        turns += 1
        if turns > 1:
            has_begun.set()
            assert may_go_on.wait(PATIENCE_SECONDS)
        return {(): float(turns)}

    population.register("users_total", slow)
    assert population.counted() == {"users_total": {(): 1}}
    clock[0] += population.FRESH_SECONDS
    with elsewhere(population.counted):
        assert has_begun.wait(PATIENCE_SECONDS)
        assert population.counted() == {"users_total": {(): 1}}
        clock[0] += population.LAST_SECONDS
        assert population.counted() == {}, "that is too long ago"
        may_go_on.set()
    assert population.counted() == {"users_total": {(): 2}}
    assert turns == 2


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_first_one_counts_is_given_the_same_answer() -> None:
    has_begun, may_go_on, answers = threading.Event(), threading.Event(), []

    def slow() -> Counts:
        has_begun.set()
        assert may_go_on.wait(PATIENCE_SECONDS)
        return {(): 1}

    population.register("users_total", slow)
    with elsewhere(lambda: answers.append(population.counted())):
        assert has_begun.wait(PATIENCE_SECONDS)
        threading.Timer(0.05, may_go_on.set).start()
        assert population.counted() == {"users_total": {(): 1}}
    assert answers == [{"users_total": {(): 1}}]


def test_a_source_that_fails_is_logged_once_and_the_others_are_told(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    population.register("organizations_total", broken)
    population.register("users_total", people)
    for _ in range(2):
        population.forget()
        assert population.counted() == {"users_total": {(): 0}}
    (line,) = caplog.records
    assert (line.levelname, line.name) == ("ERROR", "redisgate.population")
    assert line.getMessage() == "not counted: organizations_total"
    assert line.exc_info


def test_a_source_that_fails_again_is_logged_again(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    for count in (broken, people, broken):
        population.register("users_total", count)
        population.forget()
        population.counted()
    assert len(caplog.records) == 2


def test_a_database_that_is_away_is_asked_once_and_told_in_one_line(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    population.register("users_total", people)
    population.register("organizations_total", away)
    population.register("api_keys_total", never)
    for _ in range(2):
        population.forget()
        assert population.counted() == {"users_total": {(): 0}}
    (line,) = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert "the connection is closed" in line.getMessage()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_a_lock_is_given_up_and_the_others_are_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "SOURCE_SECONDS", 0.2)
    population.register("users_total", people)
    population.register("organizations_total", lambda: {(): 7})
    with locked(User._meta.db_table):
        assert population.counted() == {"organizations_total": {(): 7}}
    (line,) = [line for line in caplog.records if line.name == "redisgate.population"]
    assert line.getMessage().startswith("not counted: users_total (OperationalError(")
    population.forget()
    assert population.counted() == {"users_total": {(): 0}, "organizations_total": {(): 7}}

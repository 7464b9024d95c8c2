"""A breaker as values: what happened when, and what may be asked then."""

import pytest

from redisgate.lib.breaker import Breaker, State, Terms

TERMS = Terms(failures=3, seconds=2, pause_seconds=1, probe_seconds=10, forget_seconds=30)


@pytest.fixture
def opened() -> Breaker:
    """A breaker that opened at second 2."""
    breaker = Breaker(TERMS)
    assert [breaker.failed(now) for now in (0, 1, 2)] == [False, False, True]
    return breaker


def test_a_fresh_one_is_closed_and_lets_everybody_ask() -> None:
    breaker = Breaker()
    assert breaker.state is State.CLOSED
    assert all(breaker.may_ask(now) for now in range(3))
    assert breaker.seconds_until_probe(0) == 0


def test_many_failures_in_a_short_time_do_not_open_it() -> None:
    breaker = Breaker(TERMS)
    assert not any(breaker.failed(n / 100) for n in range(100))
    assert breaker.is_closed


def test_few_failures_over_a_long_time_do_not_open_it() -> None:
    breaker = Breaker(TERMS)
    assert not any(breaker.failed(now) for now in (0, 20))
    assert breaker.is_closed


def test_a_success_begins_the_row_anew() -> None:
    breaker = Breaker(TERMS)
    breaker.failed(0)
    breaker.failed(1)
    assert not breaker.succeeded(1.5)
    assert not any(breaker.failed(now) for now in (2, 3))
    assert breaker.failures == 2


def test_an_old_failure_is_forgotten() -> None:
    breaker = Breaker(TERMS)
    breaker.failed(0)
    breaker.failed(1)
    assert not breaker.failed(31)
    assert breaker.failures == 1


def test_an_open_one_refuses_until_its_pause_is_over(opened: Breaker) -> None:
    assert opened.state is State.OPEN
    assert not opened.may_ask(2.5)
    assert opened.seconds_until_probe(2.25) == 0.75
    assert opened.may_ask(3)


def test_one_alone_asks_on_behalf_of_all(opened: Breaker) -> None:
    assert [opened.may_ask(3) for _ in range(5)] == [True, False, False, False, False]
    assert opened.state is State.HALF_OPEN


def test_the_probes_success_closes_it_at_once(opened: Breaker) -> None:
    opened.may_ask(3)
    assert opened.succeeded(3)
    assert opened.is_closed
    assert opened.failures == 0
    assert opened.may_ask(3)


def test_the_probes_failure_opens_it_again_without_being_news(opened: Breaker) -> None:
    opened.may_ask(3)
    assert not opened.failed(3.5)
    assert opened.state is State.OPEN
    assert opened.seconds_until_probe(3.5) == 1


def test_a_success_from_elsewhere_closes_an_open_one(opened: Breaker) -> None:
    assert opened.succeeded(2.1)
    assert opened.may_ask(2.1)


def test_a_probe_that_never_reports_is_given_up(opened: Breaker) -> None:
    opened.may_ask(3)
    assert not opened.may_ask(12.9)
    assert opened.may_ask(13)


def test_it_opens_once_for_the_log_however_often_it_fails(opened: Breaker) -> None:
    assert not any(opened.failed(now) for now in range(3, 20))
    assert opened.failures == 20


def test_it_is_worth_remembering_as_long_as_its_failures_count(opened: Breaker) -> None:
    assert Breaker(TERMS).is_forgettable(0)
    assert not opened.is_forgettable(31)
    assert opened.is_forgettable(32)

"""The arithmetic of rate limits, with clocks that the tests turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import RateLimited
from gateway.token_bucket import Bucket, Standing, share


def bucket(limit: int = 10, now: float = 0.0) -> Bucket:
    return Bucket("rg_key", limit, now)


def admitted(bucket: Bucket, commands: int, now: float) -> bool:
    try:
        bucket.take(commands, now)
    except RateLimited:
        return False
    return True


def test_a_full_bucket_gives_one_seconds_worth_at_once() -> None:
    full = bucket()
    assert [admitted(full, 1, 0.0) for _ in range(11)] == [True] * 10 + [False]


def test_what_was_known_is_spent_without_a_clock() -> None:
    full = bucket()
    told = [full.take_known(1) for _ in range(10)]
    assert [allowance.remaining for allowance in told if allowance] == list(range(9, -1, -1))
    assert full.take_known(1) is None


def test_a_refusal_says_how_long_to_wait_and_takes_nothing() -> None:
    empty = bucket()
    empty.take(10, 0.0)
    for _ in range(3):
        with pytest.raises(RateLimited) as refused:
            empty.take(1, 0.0)
        assert refused.value.retry_after_seconds == pytest.approx(0.1)
    assert admitted(empty, 1, 0.1)


def test_a_request_larger_than_the_bucket_passes_and_is_paid_back() -> None:
    small = bucket()
    assert admitted(small, 1000, 0.0)
    assert not admitted(small, 1, 99.0)
    assert admitted(small, 1, 99.2)


def test_an_idle_bucket_holds_no_more_than_a_second() -> None:
    idle = bucket()
    assert admitted(idle, 10, 1000.0)
    assert not admitted(idle, 1, 1000.0)


def test_a_clock_that_stands_gives_nothing() -> None:
    empty = bucket(now=5.0)
    empty.take(10, 5.0)
    assert not admitted(empty, 1, 5.0)


def shared_bucket(tokens: float, workers: int = 1, limit: int = 100) -> Bucket:
    """Make a bucket that knows the shared one."""
    known = bucket(limit)
    known.report(0.0)
    known.correct(Standing(tokens, workers), 0.0)
    return known


def test_a_report_tells_what_was_spent_since_the_last_one() -> None:
    used = shared_bucket(100.0)
    used.note(0.2)
    used.take(3, 0.2)
    report = used.report(0.25)
    assert (report.limit, report.spent) == (100, 3)
    assert report.age_seconds == pytest.approx(0.05)
    assert used.report(0.3).spent == 0


def test_what_was_spent_on_a_guess_is_reported() -> None:
    used = bucket()
    used.take(3, 0.0)
    assert used.report(0.0).spent == 3


def test_a_standing_counts_less_what_was_spent_since_the_report() -> None:
    used = bucket()
    used.report(0.0)
    used.take(2, 0.0)
    used.correct(Standing(5.0, workers=1), 0.0)
    assert used.look(0.0).remaining == 3


def test_much_is_spent_only_with_a_look_at_the_clock_so_that_others_hear_of_it() -> None:
    used = shared_bucket(100.0)
    used.note(0.0)
    assert used.take_known(12)
    assert used.take_known(1) is None
    used.take(1, 0.0)
    assert used.take_known(80), "they will hear"


def test_a_shared_bucket_fills_for_each_worker_with_its_part() -> None:
    used = shared_bucket(0.0, workers=4)
    assert used.look(1.0).remaining == pytest.approx(25, abs=1)


def test_alone_the_whole_limit_is_ones_own() -> None:
    used = shared_bucket(0.0, workers=4)
    used.stand_alone()
    assert used.look(1.0).remaining == 100
    used.note(1.0)
    assert used.take_known(100), "there is nobody who should hear"


def test_what_was_spent_alone_is_no_debt_but_keeps_a_bucket_from_being_full() -> None:
    used = shared_bucket(50.0)
    used.stand_alone()
    used.take(70, 0.5)
    report = used.report(0.5)
    assert (report.spent, report.tokens_max) == (0, 30)


def test_a_bucket_is_idle_when_it_is_full_again() -> None:
    used = bucket()
    used.take(1000, 0.0)
    assert not used.is_idle(98.0)
    assert used.is_idle(100.0)


@pytest.mark.parametrize("workers", [1, 2, 4, 64])
def test_a_full_bucket_is_everybodys_and_an_empty_one_nobodys(workers: int) -> None:
    assert share(Standing(100.0, workers), 100) == pytest.approx(100)
    assert share(Standing(0.99, workers), 100) < 1


@given(
    limit=st.integers(1, 100_000),
    part=st.floats(-3, 1),
    workers=st.integers(1, 64),
)
def test_a_share_is_never_more_than_there_is(limit: int, part: float, workers: int) -> None:
    tokens = part * limit
    of_one = share(Standing(tokens, workers), limit)
    assert of_one <= max(tokens, 1) + 1e-6
    assert (of_one >= 1) == (tokens >= 1) or abs(tokens - 1) < 1e-6


@given(
    limit=st.integers(1, 1000),
    requests=st.lists(st.tuples(st.floats(0, 2), st.integers(1, 1000)), min_size=1, max_size=60),
)
def test_no_more_is_granted_than_the_limit_over_the_time_a_burst_and_one_request(
    limit: int, requests: list[tuple[float, int]]
) -> None:
    one, now, granted, last = bucket(limit), 0.0, 0, 0
    for pause, commands in requests:
        now += pause
        if admitted(one, commands, now):
            granted, last = granted + commands, commands
            assert granted - last <= limit * now + limit + 1e-6

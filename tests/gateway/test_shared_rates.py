"""One limit in several workers: exact in the long run, however the requests are spread."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.rate_model import Worker, workers

STEP_SECONDS = 0.002


def drive(several: list[Worker], weights: list[int], demand: float, seconds: float) -> int:
    """Ask at random moments, ``demand`` times a second altogether; return how often that was."""
    chance = random.Random(1)
    asked = 0
    for step in range(int(seconds / STEP_SECONDS)):
        now = step * STEP_SECONDS
        for worker in several:
            worker.tick(now)
        while asked < demand * now:
            asked += 1
            chance.choices(several, weights)[0].ask(1, now)
    return asked


def granted(several: list[Worker]) -> int:
    return sum(worker.granted for worker in several)


@pytest.mark.parametrize(
    ("limit", "weights", "seconds"),
    [
        pytest.param(500, [1, 1, 1, 1], 5, id="evenly"),
        pytest.param(500, [1, 0, 0, 0], 5, id="one worker"),
        pytest.param(100, [20, 1], 10, id="mostly one"),
        pytest.param(100, [100, 1, 1, 0], 10, id="one idle"),
        pytest.param(5, [1, 1, 1, 1], 20, id="hardly any"),
        pytest.param(100, [1] * 16, 10, id="sixteen workers"),
    ],
)
def test_who_asks_too_much_gets_the_limit_and_a_burst(
    limit: int, weights: list[int], seconds: float
) -> None:
    several = workers(len(weights), limit)
    drive(several, weights, limit * 4, seconds)
    assert granted(several) == pytest.approx(limit * seconds + limit, rel=0.05)


@pytest.mark.parametrize("weights", [[1], [1, 1], [9, 1], [1, 1, 1, 1], [50, 1, 1, 1]])
def test_who_asks_for_less_is_never_refused(weights: list[int]) -> None:
    several = workers(len(weights), 100)
    asked = drive(several, weights, 90, 10)
    assert granted(several) == asked


def test_a_burst_of_a_seconds_worth_after_rest_passes_in_one_worker() -> None:
    several = workers(4, 100)
    drive(several, [1, 1, 1, 1], 20, 4)
    assert all(several[0].ask(1, 4.0) for _ in range(90))


@settings(max_examples=50, deadline=None)
@given(
    count=st.integers(1, 4),
    limit=st.integers(1, 200),
    requests=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 3), st.integers(1, 300)), max_size=80
    ),
)
def test_debts_are_paid_whatever_was_asked(
    count: int, limit: int, requests: list[tuple[int, int, int]]
) -> None:
    several, now = workers(count, limit), 0.0
    largest = max((commands for _, _, commands in requests), default=0)
    for steps, place, commands in requests:
        for _ in range(steps):
            now += STEP_SECONDS
            for worker in several:
                worker.tick(now)
        several[place % count].ask(commands, now)
        assert granted(several) <= limit * now + count * (limit + largest)

"""When memory is foretold to be full, and when nothing is."""

import random

import pytest

from figures.levels import DAY, HOUR, MINUTE
from overview import trend
from tests.overview.servers import MEGABYTE, growing

LIMIT = 100 * MEGABYTE


def test_steady_growth_says_when_memory_is_full() -> None:
    left = trend.seconds_until_full(growing(40, 60), MINUTE, LIMIT)
    assert left == pytest.approx(2 * HOUR, rel=0.05)


def test_gaps_in_steady_growth_are_no_matter() -> None:
    used = growing(40, 60)
    used[10:20] = [None] * 10
    left = trend.seconds_until_full(used, MINUTE, LIMIT)
    assert left == pytest.approx(2 * HOUR, rel=0.05)


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(growing(60, 40), id="shrinking"),
        pytest.param([50 * MEGABYTE] * 60, id="standing still"),
        pytest.param(growing(40, 60)[:10], id="too short"),
        pytest.param([None] * 60, id="nothing known"),
        pytest.param(growing(40, 80)[:30] + growing(40, 80)[:30], id="flushed half-way"),
    ],
)
def test_nothing_is_foretold_without_steady_growth(used: list[int | None]) -> None:
    assert trend.seconds_until_full(used, MINUTE, LIMIT) is None


def test_noise_foretells_nothing() -> None:
    dice = random.Random(7)
    used = [dice.randrange(40, 60) * MEGABYTE for _ in range(60)]
    assert trend.seconds_until_full(used, MINUTE, LIMIT) is None


def test_an_hour_says_nothing_about_next_week() -> None:
    assert trend.seconds_until_full(growing(40, 41), MINUTE, LIMIT) is None


def test_a_day_looks_ahead_by_a_week_and_no_further() -> None:
    by_ten_minutes = 10 * MINUTE
    slow = [(20 + n * 15 // 143) * MEGABYTE for n in range(144)]
    left = trend.seconds_until_full(slow, by_ten_minutes, LIMIT)
    assert left is not None
    assert 4 * DAY < left < 5 * DAY
    slower = [(20 * 1024 + n * 35) * 1024 for n in range(144)]
    assert trend.seconds_until_full(slower, by_ten_minutes, LIMIT) is None


def test_a_server_without_a_limit_is_never_full() -> None:
    assert trend.seconds_until_full(growing(40, 60), MINUTE, 0) is None

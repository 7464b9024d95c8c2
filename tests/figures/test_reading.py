"""What was kept, as people ask for it."""

import time

import pytest
from pytest_django import DjangoAssertNumQueries

from figures import reading, recent, rolling, series, table, top_commands
from figures.levels import HOUR, RAW
from figures.series import BY_NAME, Unit, Value
from figures.windows import Window
from instances.models import Instance
from tests.conftest import Cast
from tests.figures.rows import QUIET, busy, write, write_last
from tests.figures.sampling import NOON
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return add_instance(cast.acme)


def line(instance: Instance, window: Window, name: str) -> list[Value]:
    return series.values(BY_NAME[name], reading.points(instance.pk, window))


def test_a_gap_is_none_and_not_zero(instance: Instance) -> None:
    write(instance, {NOON: busy(), NOON + 20: QUIET})
    window = Window(NOON, NOON + 40, 10)
    assert line(instance, window, "operations") == [10.0, None, 0.0, None]


def test_rates_are_of_the_time_that_was_really_covered(instance: Instance) -> None:
    write(instance, {NOON: {**busy(), "ms": 20_000}, NOON + 10: {**busy(), "ms": 0}})
    window = Window(NOON, NOON + 20, 10)
    assert line(instance, window, "operations") == [5.0, None]
    assert line(instance, window, "memory_used") == [1_000_000, 1_000_000]


@pytest.mark.parametrize("is_rolled_up", [True, False])
def test_the_newest_minutes_count_whether_rolled_up_or_not(
    instance: Instance, is_rolled_up: bool
) -> None:
    write(instance, {at: busy() for at in range(NOON, NOON + HOUR, RAW.step)})
    if is_rolled_up:
        rolling.roll_up(NOON + 2 * HOUR, fence=1)
    for step in (60, 600, 1200, 3600):
        window = Window(NOON, NOON + HOUR, step)
        assert line(instance, window, "operations") == [10.0] * (HOUR // step)
        commands = top_commands.top(instance.pk, window)
        assert [(each.name, each.calls) for each in commands] == [("GET", 360 * 100)]


def test_half_rolled_up_counts_nothing_twice(instance: Instance) -> None:
    write(instance, {at: busy() for at in range(NOON, NOON + HOUR, RAW.step)})
    rolling.roll_up(NOON + 1800 + rolling.LATE_SECONDS, fence=1)
    (command,) = top_commands.top(instance.pk, Window(NOON, NOON + HOUR, 600))
    assert command.calls == 360 * 100
    assert command.calls_per_second == 10


def test_commands_are_ranked_by_their_time(instance: Instance) -> None:
    slow = {"calls:keys": 2, "usec:keys": 9000, "calls:config|get": 4, "usec:config|get": 0}
    write(instance, {NOON: {**busy(), **slow}})
    ranked = top_commands.top(instance.pk, Window(NOON, NOON + 10, 10))
    assert [each.name for each in ranked] == ["KEYS", "GET", "CONFIG GET"]
    assert [each.time_of_one for each in ranked] == ["4.5 ms", "5.0 µs", "0.0 µs"]
    assert sum(each.share for each in ranked) == pytest.approx(1)


def test_the_hit_rate_of_nothing_is_unknown(instance: Instance) -> None:
    write(instance, {NOON: busy(), NOON + 10: QUIET})
    assert line(instance, Window(NOON, NOON + 20, 10), "hit_ratio") == [0.75, None]


def test_each_database_has_a_line_where_there_are_several(instance: Instance) -> None:
    points = [busy(), {**busy(), "keys:db3": 4}, None]
    assert [it.name for it in series.of(points)[-2:]] == ["keys_db0", "keys_db3"]
    assert series.of(points[:1])[-1].name == "keys_expiring"


def test_newest_figures_of_many_take_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    several = [add_instance(cast.acme) for _ in range(3)]
    now = time.time()
    for each in several[:2]:
        write_last(each, now, seconds=600)
    with django_assert_num_queries(1):
        found = recent.newest([each.pk for each in several])
    assert found.keys() == {each.pk for each in several[:2]}


def test_an_old_sample_says_nothing_about_now(instance: Instance) -> None:
    now = time.time()
    write(instance, {int(now - 120) // 10 * 10: busy()})
    assert recent.newest([instance.pk]) == {}


def test_a_table_has_the_newest_first_and_no_rows_for_gaps(instance: Instance) -> None:
    write(instance, {NOON: busy(), NOON + 20: QUIET})
    window = Window(NOON, NOON + 40, 10)
    made = table.of(window, reading.points(instance.pk, window))
    assert [row.at.second for row in made.rows] == [20, 0]
    assert made.rows[1].cells[:4] == ("10/s", "977 KB", "75 %", "0.04 ms")
    assert made.rows[0].cells[2] == "-"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, Unit.BYTES, "0 B"),
        (1536, Unit.BYTES, "1.5 KB"),
        (3 * 1024**3, Unit.BYTES_PER_SECOND, "3 GB/s"),
        (12345.6, Unit.PER_SECOND, "12,346/s"),
        (1.25, Unit.FACTOR, "1.25 x"),
        (1234567, Unit.COUNT, "1,234,567"),
        (0.98765, Unit.RATIO, "98.8 %"),
    ],
)
def test_numbers_are_said_shortly(value: float, unit: Unit, words: str) -> None:
    assert table.said(value, unit) == words

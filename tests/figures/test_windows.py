"""Which stretch of time is meant, and how finely it is shown."""

import pytest

from figures import windows
from figures.levels import DAY, HOUR, HOURS, MINUTES, RAW, TENS
from redisgate.lib.errors import InvalidInput
from tests.figures.sampling import NOON


@pytest.mark.parametrize("wanted", windows.RANGES.values(), ids=lambda it: it.name)
def test_usual_ranges_are_whole_steps_of_a_kept_level(wanted: windows.Range) -> None:
    for step in (wanted.step, wanted.row):
        window = windows.up_to(NOON + 1234.5, wanted, step=step)
        assert window.since % step == window.until % step == 0
        assert window.since <= NOON + 1234 < window.until
        assert wanted.seconds <= window.until - window.since <= wanted.seconds + 2 * step
        assert len(window.times) <= 1000
        assert wanted.seconds <= window.level.keep


@pytest.mark.parametrize(
    ("step", "level"), [(10, RAW), (50, RAW), (120, MINUTES), (1200, TENS), (10800, HOURS)]
)
def test_a_window_reads_the_coarsest_level_that_makes_it_up(step: int, level: object) -> None:
    assert windows.Window(0, DAY, step).level is level


def test_a_window_may_be_named_by_its_ends() -> None:
    asked = {"from": "2027-01-15T00:00:00Z", "to": "2027-01-15T01:00:00+00:00"}
    window = windows.asked_for(asked, 1_799_974_800 + 3600)
    assert (window.since, window.until, window.step) == (1_799_971_200, 1_799_974_800, 10)


def test_older_figures_come_as_finely_as_they_are_kept() -> None:
    since = str(NOON - 5 * DAY)
    window = windows.asked_for({"from": since, "to": str(NOON - 5 * DAY + HOUR)}, NOON)
    assert window.step == 60


@pytest.mark.parametrize(
    "asked",
    [
        {"range": "1y"},
        {"from": "yesterday"},
        {"from": "9" * 30},
        {"from": str(NOON), "to": str(NOON - 1)},
        {"from": str(NOON - 1000 * DAY)},
        {"from": str(NOON - HOUR), "step": "0"},
        {"from": str(NOON - HOUR), "step": "-10"},
        {"from": str(NOON - HOUR), "step": "٣٠"},
        {"from": str(NOON - 5 * DAY), "step": "10"},
        {"from": str(NOON - 20 * HOUR), "step": "10"},
        {"from": str(NOON - HOUR), "to": "1e400"},
    ],
    ids=str,
)
def test_nonsense_is_refused_in_words(asked: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        windows.asked_for(asked, NOON)
    assert refusal.value.details["errors"]

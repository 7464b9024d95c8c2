from datetime import timedelta

import pytest

from welcome import durations


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (42.4, "42 s"),
        (102, "1 min 42 s"),
        (120, "2 min"),
        (11_100, "3 h 5 min"),
        (90_061, "1 d 1 h"),
        (86_461, "1 d"),
    ],
)
def test_two_units_say_it(seconds: float, words: str) -> None:
    assert durations.words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0.1 s"), (0.62, "0.6 s"), (9.94, "9.9 s"), (12.4, "12 s")]
)
def test_moments_have_a_tenth(seconds: float, words: str) -> None:
    assert durations.short(timedelta(seconds=seconds)) == words

"""When an instance ends, and what a button adds."""

from datetime import UTC, datetime, timedelta

import pytest

from instances import expiry

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "warning"),
    [
        (timedelta(days=1, seconds=1), ""),
        (timedelta(days=1), "day"),
        (timedelta(hours=1, seconds=1), "day"),
        (timedelta(hours=1), "hour"),
        (timedelta(seconds=-5), "hour"),
    ],
)
def test_warning_comes_in_the_last_day_and_again_in_the_last_hour(
    left: timedelta, warning: str
) -> None:
    assert expiry.warning(NOW + left, NOW) == warning


def test_one_that_stays_warns_of_nothing() -> None:
    assert expiry.warning(None, NOW) == ""


def test_extension_counts_from_the_end_that_was_seen() -> None:
    seen = NOW + timedelta(minutes=10)
    assert expiry.extended(seen, "day", NOW) == seen + timedelta(days=1)
    later = NOW + timedelta(minutes=5)
    assert expiry.extended(seen, "day", later) == expiry.extended(seen, "day", NOW)


def test_extension_of_an_end_long_past_counts_from_now() -> None:
    assert expiry.extended(NOW - timedelta(days=3), "day", NOW) == NOW + timedelta(days=1)

"""Moments in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from redisgate.lib import moments

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ({"seconds": -59}, "just now"),
        ({"seconds": 0}, "just now"),
        ({"seconds": 59}, "in a moment"),
        ({"minutes": -1}, "1 minute ago"),
        ({"minutes": -59, "seconds": -59}, "60 minutes ago"),
        ({"hours": 2}, "in 2 hours"),
        ({"hours": -30}, "yesterday"),
        ({"hours": 30}, "tomorrow"),
        ({"days": -3}, "3 days ago"),
        ({"days": 90}, "in 3 months"),
        ({"days": -800}, "2 years ago"),
    ],
)
def test_moment_is_said_by_how_far_it_is(since: dict[str, int], words: str) -> None:
    assert moments.relative(NOW + timedelta(**since), NOW) == words


def test_exact_moment_is_in_utc() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    assert moments.exactly(elsewhere) == "2030-01-31 12:00:00 UTC"

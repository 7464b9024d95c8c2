from datetime import UTC, datetime, timedelta, timezone

import pytest

from metering.months import Month


def test_month_begins_and_ends_at_midnight_utc() -> None:
    month = Month.parse("2026-12")
    assert month.begins_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert month.ends_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert (str(month.next), str(month.previous)) == ("2027-01", "2026-11")


def test_moment_elsewhere_belongs_to_the_month_it_is_in_utc() -> None:
    in_tokyo = datetime(2026, 12, 1, 8, tzinfo=timezone(timedelta(hours=9)))
    assert str(Month.of(in_tokyo)) == "2026-11"


def test_year_of_months() -> None:
    months = list(Month.parse("2026-03").plus(-11).until(Month.parse("2026-03")))
    assert (len(months), str(months[0])) == (12, "2025-04")


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "1026-01", "2026-1", "9999-12"])
def test_nonsense_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="2026-11"):
        Month.parse(text)

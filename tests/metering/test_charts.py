"""Bars of the last months."""

import pytest

from metering import charts
from metering.amounts import MILLISECONDS_AN_HOUR, Amounts
from metering.months import Month

MONTH = Month.parse("2026-11")


def chart_of(memory_gb_hours: float) -> charts.Chart:
    amounts = Amounts(memory_mb_ms=round(memory_gb_hours * 1024 * MILLISECONDS_AN_HOUR))
    return charts.bars({MONTH: amounts}, chosen=MONTH)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(26506.79, "26507"), (120.014, "120.01"), (0.0023, "0.0023"), (0, "0.00")],
)
def test_amount_is_as_exact_as_its_bar_has_room_for(amount: float, words: str) -> None:
    assert str(chart_of(amount).bars[0].memory_gb_hours) == words


def test_months_without_anything_have_nothing_to_show() -> None:
    assert not chart_of(0).has_amounts
    assert chart_of(0.01).has_amounts

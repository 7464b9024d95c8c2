"""Statements: exact, final once, and the same for whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from instances.states import Status
from metering import sealing, statements
from metering.models import Interval, MonthlyUsage, SealedMonth
from metering.months import Month
from metering.statements import State, Statement
from orgs.models import Organization
from tests.conftest import Cast
from tests.metering.rows import at, did, ran
from tests.quotas.rows import add_key
from tests.rows import add_instance

NOVEMBER = Month.parse("2026-11")


def november(organization: Organization, now: str) -> Statement:
    return statements.statement(organization, NOVEMBER, now=at(now))


def hours(statement: Statement) -> tuple[Decimal, Decimal]:
    return statement.totals.running_hours, statement.totals.memory_mb_hours


def test_intervals_add_up_to_hours_and_memory_hours(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00", memory_mb=64)
    ran(cast.acme, "2026-11-03 10:00", "2026-11-03 12:00", memory_mb=128, instance_id=cache)
    ran(cast.globex, "2026-11-03 00:00", "2026-11-04 00:00")
    found = november(cast.acme, "2026-11-20 00:00")
    assert hours(found) == (Decimal(12), Decimal(10 * 64 + 2 * 128))
    assert [line.instance_id for line in found.lines] == [cache]
    assert found.state is State.RUNNING


def test_interval_over_midnight_of_the_last_day_is_shared_by_both_months(cast: Cast) -> None:
    ran(cast.acme, "2026-10-31 23:00", "2026-11-01 02:00")
    ran(cast.acme, "2026-11-30 22:30", "2026-12-01 04:00")
    assert hours(november(cast.acme, "2026-12-01 05:00"))[0] == Decimal("3.5")


def test_what_goes_on_counts_until_now_and_no_longer_than_the_month(cast: Cast) -> None:
    ran(cast.acme, "2026-11-30 00:00", None)
    assert hours(november(cast.acme, "2026-11-30 06:00"))[0] == 6
    later = november(cast.acme, "2026-12-02 00:00")
    assert (hours(later)[0], later.state) == (Decimal(24), State.CLOSING)


def test_commands_and_bytes_come_from_the_hours_of_keys(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    first, second = add_key(cast.acme), add_key(cast.acme)
    did(first, cache, "2026-11-03 01:00", commands=5)
    did(second, cache, "2026-11-30 23:00", commands=7)
    did(second, cache, "2026-12-01 00:00", commands=1000)
    did(add_key(cast.globex), cache, "2026-11-03 01:00", commands=500)
    totals = november(cast.acme, "2026-12-01 01:00").totals
    assert (totals.commands, totals.requests, totals.errors) == (12, 12, 2)
    assert (totals.bytes_in, totals.bytes_out) == (120, 1200)


def test_clock_that_was_set_back_takes_nothing_away(cast: Cast) -> None:
    ran(cast.acme, "2026-11-03 10:00", "2026-11-03 09:00")
    assert hours(november(cast.acme, "2026-11-20 00:00"))[0] == 0


def test_line_has_the_name_of_today_or_the_last_one(cast: Cast) -> None:
    live = add_instance(cast.acme, "Renamed", status=Status.STOPPED)
    ran(cast.acme, "2026-11-03 00:00", "2026-11-03 09:00", instance_id=live.pk, name="Before")
    ran(cast.acme, "2026-11-03 00:00", "2026-11-03 01:00", name="Gone")
    found = november(cast.acme, "2026-11-20 00:00")
    names = [(line.name, line.instance_id in found.existing) for line in found.lines]
    assert names == [("Renamed", True), ("Gone", False)]


def test_sealed_month_says_the_same_and_stays(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    going_on = ran(cast.acme, "2026-11-29 00:00", None, name="Store")
    did(add_key(cast.acme), cache, "2026-11-03 01:00", commands=5)
    before = november(cast.acme, "2026-12-05 00:00")
    assert sealing.seal_what_is_due(at("2026-12-03 23:59")) == []
    assert sealing.seal_what_is_due(at("2026-12-04 00:00")) == [NOVEMBER]
    after = november(cast.acme, "2026-12-05 00:00")
    assert (after.state, after.totals, after.lines) == (State.FINAL, before.totals, before.lines)

    # What it was counted from is gone but for what goes on, and late usage changes nothing.
    assert [each.instance_id for each in Interval.objects.all()] == [going_on]
    did(add_key(cast.acme), cache, "2026-11-03 02:00", commands=5)
    assert november(cast.acme, "2026-12-06 00:00").totals == before.totals


def test_sealing_twice_writes_once(cast: Cast) -> None:
    ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    now = at("2026-12-10 00:00")
    assert sealing.seal(NOVEMBER, now)
    assert not sealing.seal(NOVEMBER, now)
    assert sealing.seal_what_is_due(now) == []
    assert MonthlyUsage.objects.count() == 1


def test_months_without_the_platform_are_caught_up_in_order(cast: Cast) -> None:
    ran(cast.acme, "2026-09-03 00:00", None)
    sealed = sealing.seal_what_is_due(at("2026-12-10 00:00"))
    assert [str(month) for month in sealed] == ["2026-09", "2026-10", "2026-11"]
    assert MonthlyUsage.objects.get(first_day="2026-10-01").running_ms == 31 * 24 * 3_600_000


@pytest.mark.usefixtures("db")
def test_nothing_to_count_is_nothing_to_seal() -> None:
    Interval.objects.all().delete()
    assert sealing.seal_what_is_due(at("2026-12-10 00:00")) == []


def test_history_joins_final_months_with_the_present_one(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.acme.pk).update(created_at=at("2026-10-15 00:00"))
    cast.acme.refresh_from_db()
    ran(cast.acme, "2026-10-20 00:00", "2026-10-20 01:00", memory_mb=1)
    ran(cast.acme, "2026-12-01 00:00", "2026-12-01 02:00", memory_mb=1)
    sealing.seal_what_is_due(at("2026-12-10 00:00"))
    now = at("2026-12-10 00:00")
    october, december = (
        statements.statement(cast.acme, Month(2026, number), now=now) for number in (10, 12)
    )
    months = statements.history(cast.acme, now=now, known=october)
    assert months == statements.history(cast.acme, now=now, known=december)
    assert {str(month): amounts.memory_mb_hours for month, amounts in months.items()} == {
        "2026-10": 1,
        "2026-11": 0,
        "2026-12": 2,
    }


@pytest.mark.django_db(transaction=True)
def test_two_controllers_seal_a_month_once(cast: Cast) -> None:
    for number in range(5):
        ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00", name=f"c{number}")

    def seal(_: int) -> bool:
        try:
            return sealing.seal(NOVEMBER, at("2026-12-10 00:00"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(seal, range(4))) == [False, False, False, True]
    assert MonthlyUsage.objects.count() == 5
    assert SealedMonth.objects.count() == 1

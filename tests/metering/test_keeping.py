"""The page of usage counts what is settled once an hour, and the rest at each look."""

from dataclasses import replace
from datetime import datetime

import pytest

from metering import keeping, sealing, statements
from metering.months import Month
from metering.statements import Counted
from orgs.models import Organization
from tests.conftest import Cast
from tests.metering.rows import at, did, ran
from tests.quotas.rows import add_key

pytestmark = pytest.mark.usefixtures("cache_redis")

OCTOBER, NOVEMBER = Month.parse("2026-10"), Month.parse("2026-11")
NOW = at("2026-11-20 00:00")
MOMENTS = (
    *("2026-11-01 00:00:00", "2026-11-01 00:59:59", "2026-11-01 01:59:59", "2026-11-01 02:00:00"),
    *("2026-11-20 00:00:00", "2026-11-20 00:59:59", "2026-11-20 01:00:00"),
)
"""Around full hours, where what is settled and what is late meet."""


def counted(organization: Organization, month: Month = NOVEMBER, *, now: datetime = NOW) -> Counted:
    return keeping.counted(organization, month, now=now)


def commands(found: Counted) -> int:
    return sum(line.amounts.commands for line in found.lines)


def test_what_is_settled_is_kept_for_an_hour_and_the_rest_counts_at_once(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    key = add_key(cast.acme)
    did(key, cache, "2026-11-03 01:00", commands=5)
    did(key, cache, "2026-11-19 22:00", commands=1)
    did(key, cache, "2026-11-19 23:00", commands=2)
    first = counted(cast.acme)
    assert commands(first) == 8
    assert first == statements.counted(cast.acme, NOVEMBER, now=NOW)
    did(key, cache, "2026-11-03 02:00", commands=70)  # so late that it was kept without
    did(key, cache, "2026-11-20 00:00", commands=4)
    assert commands(counted(cast.acme)) == 12
    assert commands(counted(cast.acme, now=at("2026-11-20 01:00"))) == 82


def test_instance_that_was_made_a_moment_ago_is_counted(cast: Cast) -> None:
    assert not counted(cast.acme).lines
    ran(cast.acme, "2026-11-19 23:59", None)
    (line,) = counted(cast.acme).lines
    assert line.amounts.running_ms == 60_000


@pytest.mark.parametrize("now", ["2026-11-01 00:30", "2026-12-02 00:00"])
def test_first_hours_of_a_month_and_a_month_that_is_closing(cast: Cast, now: str) -> None:
    cache, key = ran(cast.acme, "2026-11-01 00:00", "2026-11-01 10:00"), add_key(cast.acme)
    did(key, cache, "2026-11-01 00:00", commands=3)
    assert commands(counted(cast.acme, now=at(now))) == 3
    assert commands(counted(cast.acme, now=at(now))) == 3


def test_page_counts_as_the_file_does(cast: Cast) -> None:
    cache, key = ran(cast.acme, "2026-10-30 00:00", "2026-11-03 10:00"), add_key(cast.acme)
    for hour in ("2026-10-31 23:00", "2026-11-01 00:00", "2026-11-19 23:00"):
        did(key, cache, hour, commands=3)
    cast.acme.created_at = at("2026-10-01 00:00")
    for each in MOMENTS:
        known = statements.statement(
            cast.acme, NOVEMBER, now=at(each), known=counted(cast.acme, now=at(each))
        )
        assert known == statements.statement(cast.acme, NOVEMBER, now=at(each))
        plain = statements.history(cast.acme, now=at(each), known=known)
        kept = statements.history(
            cast.acme, now=at(each), known=known, sums=keeping.written_sums, lines=keeping.lines
        )
        assert kept == plain
        assert plain[OCTOBER].commands == 3


def test_each_organization_sees_its_own(cast: Cast) -> None:
    ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    assert counted(cast.acme).lines
    assert not counted(cast.globex).lines


def test_a_final_month_and_the_sums_of_all_are_kept(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-10-03 00:00", "2026-10-03 10:00")
    did(add_key(cast.acme), cache, "2026-10-03 01:00", commands=5)
    before = counted(cast.acme, OCTOBER)
    assert not before.is_final
    assert not keeping.written_sums(cast.acme, OCTOBER)
    sealing.seal(OCTOBER, NOW)
    sums = keeping.written_sums(cast.acme, OCTOBER)
    assert sums[OCTOBER].commands == 5
    assert keeping.written_sums(cast.acme, OCTOBER) == sums
    final = counted(cast.acme, OCTOBER)
    assert final == replace(before, is_final=True)
    assert counted(cast.acme, OCTOBER) == final

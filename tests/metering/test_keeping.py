"""The page of usage shows what was counted a while ago, and never what somebody changed since."""

from dataclasses import replace

import pytest

from metering import keeping, sealing, statements
from metering.months import Month
from metering.statements import Counted
from orgs import services as orgs
from orgs.models import Organization
from tests.conftest import Cast, actor
from tests.metering.rows import at, did, ran
from tests.quotas.rows import add_key

pytestmark = pytest.mark.usefixtures("cache_redis")

OCTOBER, NOVEMBER = Month.parse("2026-10"), Month.parse("2026-11")
NOW = at("2026-11-20 00:00")


def counted(organization: Organization, month: Month = NOVEMBER) -> Counted:
    return keeping.counted(organization, month, now=NOW)


def commands(found: Counted) -> int:
    return sum(line.amounts.commands for line in found.lines)


def test_what_was_counted_is_kept_until_somebody_does_something(cast: Cast) -> None:
    cache = ran(cast.acme, "2026-11-03 00:00", "2026-11-03 10:00")
    key = add_key(cast.acme)
    did(key, cache, "2026-11-03 01:00", commands=5)
    first = counted(cast.acme)
    assert first == statements.counted(cast.acme, NOVEMBER, now=NOW)
    did(key, cache, "2026-11-03 02:00", commands=7)
    assert counted(cast.acme) == first
    orgs.update(actor(cast.owner), cast.acme, name="Acme Labs", description="")
    assert commands(counted(cast.acme)) == 12


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

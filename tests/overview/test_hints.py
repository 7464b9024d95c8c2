"""What the overview tells somebody to do next, rule by rule."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from overview import hints, memory_hints, needs, other_hints, server_hints
from overview.hints import Hint, Severity
from overview.needs import Need
from overview.other_hints import Key
from quotas.usage import Amount, Usage
from tests.overview.servers import MEGABYTE, growing, server

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
FULL = [94 * MEGABYTE] * 60


def hint(kind: str = "failed", about: str = "a", severity: Severity = Severity.ERROR) -> Hint:
    return Hint(kind=kind, about=about, severity=severity, title=f"{kind} {about}")


@pytest.mark.parametrize(
    ("policy", "then"),
    [
        ("noeviction", "Then it refuses writes."),
        ("allkeys-lru", "Then it evicts the keys that were not used for longest."),
        ("volatile-ttl", "evicts keys that have an expiry, and refuses writes"),
    ],
)
def test_memory_full_soon_says_when_and_what_then(policy: str, then: str) -> None:
    (told,) = memory_hints.of(server(used=growing(40, 60), eviction_policy=policy), "/settings/")
    assert told.title == "sessions: memory will be full in 2 hours at this rate"
    assert then in told.text
    assert (told.severity, told.action, told.url) == (Severity.WARNING, "Resize", "/settings/")


def test_store_that_is_full_within_the_hour_is_urgent() -> None:
    (told,) = memory_hints.of(server(used=growing(40, 80)), "")
    assert told.severity is Severity.ERROR


def test_nearly_full_store_is_told_before_its_trend() -> None:
    (told,) = memory_hints.of(server(used=FULL), "")
    assert told.title == "sessions: 94 % of its memory is used"


def test_full_cache_does_what_it_is_for() -> None:
    cache = server(used=FULL, purpose="cache", eviction_policy="allkeys-lru")
    assert memory_hints.of(cache, "") == []


@pytest.mark.parametrize(
    ("purpose", "severity"), [("cache", Severity.INFO), ("store", Severity.WARNING)]
)
def test_evictions_matter_more_where_data_is_stored(purpose: str, severity: Severity) -> None:
    evicting = server(used=FULL, purpose=purpose, eviction_policy="allkeys-lru", evicted=1200)
    (told,) = memory_hints.of(evicting, "")
    assert told.title == "sessions evicted 1,200 keys in the last hour"
    assert told.severity is severity


def test_stopped_server_has_nothing_to_say_of_memory() -> None:
    assert memory_hints.of(server(used=growing(40, 60), status="stopped"), "") == []


def test_failed_server_says_why_in_its_own_words() -> None:
    told = server_hints.failed(server(status="error", status_detail="It ended.\nLog:\n…"), "/x/")
    assert told is not None
    assert (told.title, told.text, told.url) == ("sessions has failed", "It ended.", "/x/")


def test_failing_persistence_is_said_in_plain_words() -> None:
    told = server_hints.unhealthy(server(health="unhealthy", status_detail="MISCONF Redis…"), "")
    assert told is not None
    assert "can't save to disk" in told.text


def test_settings_that_fail_are_told_until_they_are_applied() -> None:
    assert server_hints.unsettled(server(settings_wish=2, settings_failures=1), "") is not None
    assert server_hints.unsettled(server(settings_wish=2, settings_done=2), "") is None


def test_instance_that_ends_soon_can_be_kept() -> None:
    told = server_hints.ending(server(expires_at=NOW + timedelta(hours=3)), "", NOW)
    assert told is not None
    assert (told.title, told.action) == ("sessions expires in 3 hours", "Keep it longer")
    assert server_hints.ending(server(expires_at=NOW + timedelta(days=3)), "", NOW) is None


def key(**times: datetime | None) -> Key:
    given = {"created_at": NOW, "expires_at": None, "last_used_at": None, **times}
    return Key(uuid4(), "Web", **given)  # type: ignore[arg-type]


def test_key_that_expires_is_told_a_week_before() -> None:
    told = other_hints.key_ending(key(expires_at=NOW + timedelta(days=5)), "", NOW)
    assert told is not None
    assert told.title == "API key “Web” expires in 5 days"
    assert other_hints.key_ending(key(expires_at=NOW + timedelta(days=8)), "", NOW) is None


def test_key_is_unused_after_90_days() -> None:
    used = key(created_at=NOW - timedelta(days=300), last_used_at=NOW - timedelta(days=120))
    told = other_hints.key_unused(used, "", NOW)
    assert told is not None
    assert "for 120 days" in told.title
    recent = key(created_at=NOW - timedelta(days=300), last_used_at=NOW - timedelta(days=89))
    assert other_hints.key_unused(recent, "", NOW) is None


@pytest.mark.parametrize(
    ("used", "severity"), [(79, None), (80, Severity.INFO), (95, Severity.WARNING)]
)
def test_quota_is_told_at_80_and_95_percent(used: int, severity: Severity | None) -> None:
    fine = Amount(1, 100)
    told = other_hints.near_limits(Usage(Amount(used, 100), fine, fine), "#quota")
    assert [each.severity for each in told] == ([] if severity is None else [severity])


@pytest.mark.parametrize(("owners", "members", "is_told"), [(1, 1, 0), (1, 2, 1), (2, 2, 0)])
def test_lonely_owner_of_several_people_is_told(owners: int, members: int, is_told: int) -> None:
    assert len(other_hints.lonely_owner(owners, members, "")) == is_told


def test_the_worst_stands_first_and_what_is_put_off_is_counted() -> None:
    info, error = hint("x", severity=Severity.INFO), hint("y")
    away = hint("z")
    told = hints.chosen([info, error, away], [away.key])
    assert (told.shown, told.put_off) == ([error, info], [away.key])


def test_hint_that_got_worse_is_another_one() -> None:
    assert hint(severity=Severity.WARNING).key != hint(severity=Severity.ERROR).key


def test_many_of_a_kind_are_one_sentence() -> None:
    few, many = [hint(about=str(n)) for n in range(3)], [hint(about=str(n)) for n in range(4)]
    assert hints.together(few, "instance", "{} have failed".format, "/") == few
    (told,) = hints.together(many, "instance", "{} have failed".format, "/")
    assert told.title == "4 instances have failed"


def test_those_who_need_somebody_come_first_then_the_busiest() -> None:
    quiet, busy = (
        server("quiet", used=FULL[:1], limit=10**9),
        server("busy", used=FULL[:1], limit=10**9, commands=900),
    )
    failed = server("failed", status="error")
    full = server("full", used=FULL)
    held = server("held", status="stopped", is_held=True)
    ranked = needs.ranked([quiet, busy, held, full, failed], NOW)
    names = [each.line.name for each in ranked.shown]
    assert names == ["failed", "full", "held", "busy", "quiet"]
    assert needs.need_of(failed, NOW) is Need.FAILED


def test_ten_are_shown_and_the_others_counted() -> None:
    ranked = needs.ranked([server(str(n)) for n in range(12)], NOW)
    assert (len(ranked.shown), ranked.left_out) == (10, 2)

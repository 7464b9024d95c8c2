"""Who may run the control loop, and when somebody else may."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from instances import lease
from instances.lease import LIFETIME, Tenure, acquire, release, renew
from redisgate.lib.process_name import own_name, own_place
from tests.waiting import pause, wait_until

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ELSEWHERE = "another-host:1:1"
pytestmark = pytest.mark.django_db


def test_free_lease_is_taken_once() -> None:
    assert acquire(ELSEWHERE, NOW) == 1
    assert acquire("third-host:1:1", NOW) is None


def test_fence_grows_with_every_holder() -> None:
    assert acquire(ELSEWHERE, NOW) == 1
    assert acquire("third-host:1:1", NOW + LIFETIME) == 2


def test_renewed_lease_is_not_taken() -> None:
    acquire(ELSEWHERE, NOW)
    assert renew(ELSEWHERE, 1, NOW + LIFETIME / 2)
    assert acquire("third-host:1:1", NOW + LIFETIME) is None


def test_holder_that_was_too_late_learns_it() -> None:
    acquire(ELSEWHERE, NOW)
    acquire("third-host:1:1", NOW + LIFETIME)
    assert not renew(ELSEWHERE, 1, NOW + LIFETIME)
    release(ELSEWHERE, 1, NOW + LIFETIME)
    assert renew("third-host:1:1", 2, NOW + LIFETIME)


def test_holder_that_is_late_but_alone_keeps_it() -> None:
    acquire(ELSEWHERE, NOW)
    assert renew(ELSEWHERE, 1, NOW + 10 * LIFETIME)


def test_released_lease_is_free_at_once() -> None:
    acquire(ELSEWHERE, NOW)
    release(ELSEWHERE, 1, NOW)
    assert acquire("third-host:1:1", NOW + timedelta(microseconds=1)) == 2


def test_dead_process_of_this_host_loses_it_at_once() -> None:
    reused_pid = f"{own_place()}:{os.getpid()}:1"
    acquire(reused_pid, NOW)
    assert acquire(own_name(), NOW) == 2


def test_living_process_of_this_host_keeps_it() -> None:
    acquire(own_name(), NOW)
    assert acquire(ELSEWHERE, NOW) is None


def test_released_lease_is_free_for_a_host_whose_clock_is_behind() -> None:
    acquire(ELSEWHERE, NOW)
    release(ELSEWHERE, 1, NOW)
    assert acquire("third-host:1:1", NOW - timedelta(hours=1)) == 2


def test_dead_holder_whose_clock_was_ahead_is_replaced_by_our_own_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LIFETIME", timedelta(seconds=0.2))
    fence = acquire(ELSEWHERE, NOW + timedelta(days=365 * 100))
    waiting = Tenure("third-host:1:1")
    assert fence == 1
    assert not waiting.hold()
    wait_until(waiting.hold, "it is taken over", seconds=2)


def test_living_holder_whose_clock_is_ahead_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LIFETIME", timedelta(seconds=0.2))
    ahead, waiting = NOW + timedelta(days=365 * 100), Tenure("third-host:1:1")
    acquire(ELSEWHERE, ahead)
    for beat in range(20):
        assert renew(ELSEWHERE, 1, ahead + timedelta(seconds=beat))
        assert not waiting.hold()
        pause()


def test_holder_that_was_held_up_is_not_sure_before_it_has_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LIFETIME", timedelta(seconds=0.1))
    monkeypatch.setattr(lease, "RENEW_EVERY_SECONDS", 0.0)
    tenure = Tenure()
    assert tenure.hold()
    assert tenure.is_sure()
    wait_until(lambda: not tenure.is_sure(), "its time is over", seconds=1)
    assert tenure.hold()
    assert tenure.is_sure()

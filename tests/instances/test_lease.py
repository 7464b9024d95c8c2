"""Who may run the control loop, and when somebody else may."""

import os
import socket
from datetime import UTC, datetime, timedelta

import pytest

from instances.lease import LIFETIME, acquire, release, renew
from redisgate.lib.process_name import own_name

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
    reused_pid = f"{socket.gethostname()}:{os.getpid()}:1"
    acquire(reused_pid, NOW)
    assert acquire(own_name(), NOW) == 2


def test_living_process_of_this_host_keeps_it() -> None:
    acquire(own_name(), NOW)
    assert acquire(ELSEWHERE, NOW) is None

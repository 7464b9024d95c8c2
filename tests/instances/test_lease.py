"""Who may run the control loop, and when somebody else may."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from instances import lease
from instances.lease import LIFETIME, acquire, holder_id, is_dead, release, renew

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
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started_at = lease._started_at(process.pid)
    holder = f"{socket.gethostname()}:{process.pid}:{started_at}"
    acquire(holder, NOW)
    assert not is_dead(holder)
    assert acquire(holder_id(), NOW) is None
    process.kill()
    process.communicate()
    assert acquire(holder_id(), NOW) == 2


def test_reused_pid_is_told_apart() -> None:
    assert is_dead(f"{socket.gethostname()}:{os.getpid()}:1")
    assert not is_dead(holder_id())


@pytest.mark.parametrize("holder", ["", "nonsense", "a:b:c", ELSEWHERE])
def test_nothing_is_known_of_strangers(holder: str) -> None:
    assert not is_dead(holder)

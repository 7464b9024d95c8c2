"""The end of a watched process is heard once, and wakes the loop."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from time import monotonic

import pytest

from instances.ends import Ends
from instances.wake import Bell
from tests.waiting import in_time, wait_until


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_the_end_is_heard_once(sleeper: "subprocess.Popen[bytes]") -> None:
    ends, instance_id = Ends(), uuid.uuid4()
    ends.watch(instance_id, os.pidfd_open(sleeper.pid))
    assert instance_id in ends
    assert ends.heard() == []
    sleeper.kill()
    wait_until(lambda: ends.heard() == [instance_id], "the end is heard")
    assert ends.heard() == []
    assert instance_id not in ends
    ends.close()


def test_the_end_wakes_the_loop_and_is_no_call_from_outside(
    sleeper: "subprocess.Popen[bytes]",
) -> None:
    bell, instance_id = Bell(), uuid.uuid4()
    bell.ends.watch(instance_id, os.pidfd_open(sleeper.pid))
    sleeper.kill()
    began = monotonic()
    assert bell.wait(30) is False
    assert in_time(began, 10)
    assert bell.ends.heard() == [instance_id]
    bell.close()


def test_what_is_forgotten_is_closed(sleeper: "subprocess.Popen[bytes]") -> None:
    ends, descriptor = Ends(), os.pidfd_open(sleeper.pid)
    ends.watch(uuid.uuid4(), descriptor)
    ends.forget_all()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    sleeper.kill()
    assert ends.heard() == []
    ends.close()

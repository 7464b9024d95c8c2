"""The bell that spares the loop's half second."""

import time

from instances.wake import Bell, socket_path, wake
from tests.instances.harness import ControlPlane
from tests.waiting import in_time


def test_wake_ends_the_sleep(control_plane: ControlPlane) -> None:
    bell = Bell()
    bell.listen()
    wake()
    begin = time.monotonic()
    assert bell.wait(5)
    assert in_time(begin, 1)
    bell.close()


def test_own_ring_ends_the_sleep_and_is_no_call(control_plane: ControlPlane) -> None:
    bell = Bell()
    bell.ring()
    begin = time.monotonic()
    assert not bell.wait(5)
    assert in_time(begin, 1)
    bell.close()


def test_many_calls_are_heard_once(control_plane: ControlPlane) -> None:
    bell = Bell()
    bell.listen()
    for _ in range(1000):
        wake()
    assert bell.wait(1)
    assert not bell.wait(0)
    bell.close()


def test_nobody_needs_to_listen(control_plane: ControlPlane) -> None:
    wake()
    bell = Bell()
    bell.listen()
    bell.close()
    assert socket_path().exists()
    wake()


def test_the_next_one_takes_the_place_of_the_last(control_plane: ControlPlane) -> None:
    last, first = Bell(), Bell()
    last.listen()
    first.listen()
    wake()
    assert first.wait(1)
    assert not last.wait(0)
    last.close()
    first.close()

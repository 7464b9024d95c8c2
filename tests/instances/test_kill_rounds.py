"""A server that is killed again and again under writers: back soon, with every written value.

While the disk syncs, once a second, the server keeps new writes in memory, and a kill in that
moment costs them: docs/explanation/how-an-instance-lives.md says so. The rounds kill beside it.

``TEST_ROUNDS=20`` makes a sized run, which prints each figure.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from threading import Event, Thread

import redis
from django.db import connections

from instances.models import Instance
from instances.states import Status
from tests.conftest import FIGURE
from tests.instances.harness import ControlPlane, Loop, answers, client, fresh, pid_of
from tests.instances.test_lifecycle import make
from tests.waiting import pause

Record = Callable[[str, object], None]

IS_SIZED = "TEST_ROUNDS" in os.environ
ROUNDS = range(int(os.environ.get("TEST_ROUNDS", "3")))
WRITERS = 4
BACK_WITHIN_SECONDS = 2.0
WRITES_A_ROUND = 200


class Writer(Thread):
    """Count up one key, and remember how far the server said that it is.

    A reply that never came leaves one write unknown, so the counter may be ahead of us by the
    number of those, and never behind.
    """

    def __init__(self, instance: Instance, number: int, end: Event) -> None:
        super().__init__(name=f"writer {number}")
        self.key = f"counter {number}"
        self.acknowledged = self.unknown = 0
        self._instance, self._end = instance, end

    def run(self) -> None:
        while not self._end.is_set():
            try:
                self._write()
            except redis.RedisError:
                pause()
        connections.close_all()

    def _write(self) -> None:
        with client(self._instance) as connection:
            connection.ping()
            while not self._end.is_set():
                self.unknown += 1
                connection.incr(self.key)
                self.unknown -= 1
                self.acknowledged += 1


@contextmanager
def writing(instance: Instance) -> Iterator[list[Writer]]:
    end = Event()
    writers = [Writer(instance, number, end) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        end.set()
        for writer in writers:
            writer.join()


def test_server_killed_under_writers_is_back_within_two_seconds_and_loses_nothing(
    control_plane: ControlPlane, record_property: Record
) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    with writing(instance) as writers:
        times = [_round(instance, loop, writers) for _ in ROUNDS]
    with client(instance) as connection:
        for writer in writers:
            written = int(connection.get(writer.key) or 0)
            assert writer.acknowledged <= written <= writer.acknowledged + writer.unknown
    assert max(times) < BACK_WITHIN_SECONDS
    if IS_SIZED:
        acknowledged = sum(writer.acknowledged for writer in writers)
        record_property(
            FIGURE,
            f"{len(times)} x kill -9 under {WRITERS} writers: {acknowledged} acknowledged, 0 lost,"
            f" back after {median(times):.2f} s (median), {max(times):.2f} s at most",
        )


def _round(instance: Instance, loop: Loop, writers: list[Writer]) -> float:
    """Kill the server once it has been written to; give the seconds until it answers again."""
    # As if ten minutes had passed: more than four crashes in that time are another test's.
    Instance.objects.filter(pk=instance.pk).update(crashes=0, crashes_since=None)
    goals = [writer.acknowledged + WRITES_A_ROUND for writer in writers]
    loop.until(
        lambda: all(w.acknowledged >= goal for w, goal in zip(writers, goals, strict=True)),
        "everybody has written",
    )
    loop.until(lambda: _has_just_synced(instance), "its disk has nothing to do")
    killed = pid_of(instance)
    assert killed is not None
    began_at = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    loop.until(lambda: pid_of(instance) not in {killed, None} and answers(instance), "it is back")
    took = time.monotonic() - began_at
    loop.until(lambda: fresh(instance).status == Status.RUNNING, "it is seen running")
    return took


def _has_just_synced(instance: Instance) -> bool:
    with client(instance) as connection:
        synced, _ = connection.waitaof(1, 0, 1500)
        pending = connection.info("persistence")["aof_pending_bio_fsync"]
    return bool(synced == 1 and pending == 0)

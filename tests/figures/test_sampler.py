"""What samplers make of real servers."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from figures.models import Chunk
from figures.points import CALLS_OF, KEYS_OF
from instances.drivers import driver
from instances.models import Instance
from instances.spec_of_row import spec_of
from tests.conftest import Cast
from tests.figures.sampling import Watch, samples_of
from tests.figures.servers import start
from tests.instances.harness import ControlPlane, Loop, answers, client, pid_of
from tests.waiting import wait_until


@pytest.fixture
def loop(control_plane: ControlPlane) -> Loop:
    return control_plane.loop()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.close()


def test_idle_instance_shows_no_traffic_of_the_platforms(
    loop: Loop, cast: Cast, watch: Watch
) -> None:
    (instance,) = start(loop, cast, "idle")
    for _ in range(4):
        watch.step()
        loop.controller.turn()  # the control loop looks, too
    driver("process").apply_acl(spec_of(instance, ()), {})
    watch.step()
    first, *later = samples_of(instance)
    assert first["used"] > 0
    assert len(later) == 4
    for sample in later:
        assert {
            name: number for name, number in sample.items() if number and is_traffic(name)
        } == {}
        assert sample.get("clients", 0) == 0
        assert sample["ping_us"] > 0


def is_traffic(name: str) -> bool:
    return ":" in name or name in {"commands", "bytes_in", "bytes_out"}


def test_what_people_do_is_counted_exactly(loop: Loop, cast: Cast, watch: Watch) -> None:
    (instance,) = start(loop, cast, "busy")
    watch.step()
    with client(instance) as redis:
        redis.ping()
        watch.step()
        for number in range(50):
            redis.set(f"k{number}", "v", ex=1000 if number < 10 else None)
        redis.get("k1")
        redis.get("none")
        loop.controller.turn()
        watch.step()
    sample = samples_of(instance)[-1]
    assert sample["commands"] == 52
    assert sample[f"{CALLS_OF}set"] == 50
    assert sample[f"{CALLS_OF}get"] == 2
    assert (sample["hits"], sample["misses"]) == (1, 1)
    assert sample["clients"] == 1
    assert sample[f"{KEYS_OF}db0"] == sample["keys"] == 50
    assert sample["expiring"] == 10
    assert 50 * 20 < sample["bytes_in"] < 50 * 80
    assert sample["bytes_out"] > 50 * 5
    assert not any(name in sample for name in (f"{CALLS_OF}info", f"{CALLS_OF}acl|users"))


def test_a_server_started_anew_counts_nothing_negative(
    loop: Loop, cast: Cast, watch: Watch
) -> None:
    (instance,) = start(loop, cast, "again")
    with client(instance) as redis:
        for _ in range(200):
            redis.incr("n")
    watch.step()
    before = pid_of(instance)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    loop.until(lambda: pid_of(instance) not in {None, before}, "another server")
    loop.until_status(instance, "running")
    loop.until(lambda: answers(instance), "it answers")
    watch.step()
    loop.controller.turn()
    watch.step()
    _, after, last = samples_of(instance)
    assert min(after.values()) >= 0
    assert after["ms"] == 0, "nobody knows since when"
    assert last["ms"] > 0
    assert last.get("commands", 0) == 0


def test_reset_statistics_count_nothing_negative(loop: Loop, cast: Cast, watch: Watch) -> None:
    (instance,) = start(loop, cast, "reset")
    with client(instance) as redis:
        for _ in range(100):
            redis.incr("n")
    watch.step()
    with client(instance, user="rg-admin", password=instance.admin_password) as redis:
        redis.config_resetstat()
    watch.step()
    assert min(samples_of(instance)[-1].values()) >= 0


def test_an_instance_that_hangs_delays_nobody(loop: Loop, cast: Cast) -> None:
    hanging, well = start(loop, cast, "hanging", "well")
    watch = Watch(answer_seconds=30)
    with stopped(hanging):
        for _ in range(2):
            before = len(samples_of(well))
            watch.step(turn_seconds=0.05)
            wait_until(partial(_has_more, well, before), "a sample", meanwhile=watch.go_on)
        assert samples_of(hanging) == []
    wait_until(lambda: samples_of(hanging), "a late answer counts", meanwhile=watch.go_on)
    watch.close()


def test_no_answer_is_a_gap_and_then_it_goes_on(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "silent")
    watch = Watch(answer_seconds=0.1)
    with stopped(instance):
        watch.step()
    assert samples_of(instance) == []
    wait_until(lambda: answers(instance), "it answers again")
    watch.close()
    again = Watch(at=watch.clock.at)
    again.step()
    again.close()
    assert len(samples_of(instance)) == 1


def _has_more(instance: Instance, before: int) -> bool:
    return len(samples_of(instance)) > before


@contextmanager
def stopped(instance: Instance) -> Iterator[None]:
    """Keep the instance's server from doing anything."""
    pid = pid_of(instance)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_the_next_controller_goes_on_in_the_same_chunk(loop: Loop, cast: Cast) -> None:
    (instance,) = start(loop, cast, "handed over")
    first = Watch(fence=1)
    first.step()
    second = Watch(fence=2, at=first.clock.at)
    second.step()
    first.step()
    first.step()
    assert len(samples_of(instance)) == 2, "the former one can't undo what the next one wrote"
    second.step()
    assert len(samples_of(instance)) == 3
    first.close()
    second.close()


def test_figures_go_with_the_instance(loop: Loop, cast: Cast, watch: Watch) -> None:
    (instance,) = start(loop, cast, "gone")
    watch.step()
    assert Chunk.objects.filter(instance=instance).exists()
    Instance.objects.filter(pk=instance.pk).delete()
    assert not Chunk.objects.filter(instance_id=instance.pk).exists()
    watch.step()

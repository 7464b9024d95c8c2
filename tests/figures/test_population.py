"""The newest figures of each instance, for Prometheus."""

import time

import pytest

from figures import population
from instances.states import Status
from observability import metrics
from tests.conftest import Cast
from tests.figures.rows import busy, write, write_last
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "_read_at", 0.0)


def test_every_gauge_is_described() -> None:
    assert population.GAUGES.keys() <= metrics.INSTANCES.keys()


def test_running_instances_show_their_newest_sample(cast: Cast) -> None:
    runs = add_instance(cast.acme, status=Status.RUNNING)
    stopped = add_instance(cast.acme, status=Status.STOPPED)
    silent = add_instance(cast.acme, status=Status.RUNNING)
    for each in (runs, stopped):
        write_last(each, time.time())
    write(silent, {int(time.time()) // 10 * 10 - 300: busy()})
    gauges = {name: gauge() for name, gauge in population.GAUGES.items()}
    assert gauges["redis_instance_used_memory_bytes"] == {(str(runs.pk),): 1_000_000}
    assert gauges["redis_instance_commands_per_second"] == {(str(runs.pk),): 10}
    assert gauges["redis_instance_hit_ratio"] == {(str(runs.pk),): 0.75}
    assert gauges["redis_instance_ping_seconds"] == {(str(runs.pk),): pytest.approx(0.00004)}


def test_newest_sample_is_that_of_any_server_that_runs(cast: Cast) -> None:
    assert population.newest_sample() == {}
    runs = add_instance(cast.acme, status=Status.RUNNING)
    assert population.newest_sample() == {(): runs.status_at.timestamp()}
    late = add_instance(cast.acme, status=Status.RUNNING)
    stopped = add_instance(cast.acme, status=Status.STOPPED)
    write(runs, {1_000_000_200: busy(), 1_000_000_210: busy()})
    write(late, {1_000_000_100: busy()})
    write(stopped, {1_000_000_900: busy()})
    assert population.newest_sample() == {(): 1_000_000_210}

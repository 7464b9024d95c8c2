"""All metrics as the text that Prometheus reads, whichever worker is asked."""

import platform
from collections.abc import Iterable, Mapping

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, UntypedMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from observability import components, metric_files, metrics, own_host, population, processes
from observability.health import Finding, Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_FAMILIES = {
    "untyped": UntypedMetricFamily,
    "gauge": GaugeMetricFamily,
    "counter": CounterMetricFamily,
}


class _OnScrape(Collector):
    """What is collected on scrape, in contrast to what was counted since the start."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        self._findings = findings

    def collect(self) -> Iterable[Metric]:
        found = collected(self._findings)
        for kind, described in metrics.COLLECTED:
            for name, (words, labels) in described.items():
                family = _FAMILIES[kind](name, words, None, labels)
                for values, number in found.get(name, {}).items():
                    family.add_metric(values, number)
                yield family


def collected(findings: Mapping[str, Finding]) -> dict[str, population.Counts]:
    """Collect what is there now, by the names of `metrics.COLLECTED`."""
    return {
        **_population(findings),
        **processes.read(),
        **own_host.read(),
        "redisgate_build_info": {(settings.VERSION, platform.python_version()): 1.0},
        "component_up": {
            (name,): float(each.status is not Status.DOWN) for name, each in findings.items()
        },
        "component_latency_seconds": {
            (name,): each.latency_ms / 1000 for name, each in findings.items()
        },
    }


def _population(findings: Mapping[str, Finding]) -> population.Several:
    """Ask a database that answered just now: of one that hangs nobody gets an answer in time."""
    found = findings.get(components.DATABASE.name)
    is_well = found is None or found.status is Status.OK
    return population.counted() if is_well else population.known()


def render(findings: Mapping[str, Finding]) -> bytes:
    """Write everything down, the counts of all workers added up."""
    registry = CollectorRegistry()
    registry.register(_OnScrape(findings))
    return _counted() + generate_latest(registry)


def _counted() -> bytes:
    if not metric_files.is_shared():
        return generate_latest(metrics.REGISTRY)
    counted = CollectorRegistry()
    with metric_files.held(alone=False) as directory:
        MultiProcessCollector(counted, str(directory))  # type: ignore[no-untyped-call]
        return generate_latest(counted)

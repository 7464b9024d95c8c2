"""All metrics as the text that Prometheus reads, whichever worker is asked."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, UntypedMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from observability import metric_files, metrics, population
from observability.health import Finding, Status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _There(Collector):
    """What is there now, in contrast to what was counted since the start."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        self._findings = findings

    def collect(self) -> Iterable[Metric]:
        components: population.Counts = {
            (name,): float(finding.status is not Status.DOWN)
            for name, finding in self._findings.items()
        }
        counted: dict[str, population.Counts] = {
            **population.counted(),
            "component_up": components,
        }
        yield from _families(UntypedMetricFamily, metrics.POPULATION, counted)
        yield from _families(CounterMetricFamily, metrics.JOBS, counted)
        yield from _families(GaugeMetricFamily, metrics.COMPONENTS, counted)
        yield from _families(GaugeMetricFamily, metrics.INSTANCES, counted)


def _families(
    kind: type[CounterMetricFamily | GaugeMetricFamily | UntypedMetricFamily],
    described: metrics.Described,
    counted: Mapping[str, population.Counts],
) -> Iterable[Metric]:
    for name, (words, labels) in described.items():
        family = kind(name, words, None, labels)
        for values, number in counted.get(name, {}).items():
            family.add_metric(values, number)
        yield family


def render(findings: Mapping[str, Finding]) -> bytes:
    """Write everything down, the counts of all workers added up."""
    there = CollectorRegistry()
    there.register(_There(findings))
    return _counted() + generate_latest(there)


def _counted() -> bytes:
    if not metric_files.is_shared():
        return generate_latest(metrics.REGISTRY)
    counted = CollectorRegistry()
    with metric_files.held(alone=False) as directory:
        MultiProcessCollector(counted, str(directory))  # type: ignore[no-untyped-call]
        return generate_latest(counted)

"""What was measured, in one round and over all of them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from statistics import median


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One contender under one load: in one round, or the median of all rounds.

    ``per_second`` and ``cpu_us`` count commands, ``p50_ms`` and ``p99_ms`` requests. ``busy`` is
    the share of its core that the contender used: well below 1, something else was the limit.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    busy: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Result:
    """One contender under one load, over all rounds."""

    scenario: str
    contender: str
    rounds: tuple[Sample, ...]

    @property
    def median(self) -> Sample:
        return Sample(
            **{
                field.name: median(getattr(sample, field.name) for sample in self.rounds)
                for field in fields(Sample)
            }
        )


class Results:
    """All results of one run, found by scenario and contender."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._by_name = {(result.scenario, result.contender): result for result in results}

    def __iter__(self) -> Iterator[Result]:
        return iter(self._by_name.values())

    def median(self, scenario: str, contender: str) -> Sample | None:
        """Give the median, or None where this wasn't measured."""
        result = self._by_name.get((scenario, contender))
        return result.median if result is not None and result.rounds else None

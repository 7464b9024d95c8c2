"""What was asked in each second, how it went and how long it took. Pure."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

STEP = 1.1
"""How much wider each bucket of durations is than the one before."""


@dataclass(frozen=True, slots=True)
class Summary:
    asked: int
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    reasons: tuple[tuple[str, int], ...]


class Ledger:
    """Seconds are whole seconds since any fixed moment; a reason is empty where all went well."""

    def __init__(self) -> None:
        self._waits: dict[tuple[str, int], Counter[int]] = {}
        self._reasons: dict[tuple[str, int], Counter[str]] = {}

    def note(self, kind: str, second: int, waited_ms: float, reason: str = "") -> None:
        bucket = round(math.log(max(waited_ms, 0.01), STEP))
        self._waits.setdefault((kind, second), Counter())[bucket] += 1
        if reason:
            self._reasons.setdefault((kind, second), Counter())[reason] += 1

    def kinds(self) -> list[str]:
        return sorted({kind for kind, _ in self._waits})

    def summary(self, kind: str, seconds: Iterable[int]) -> Summary:
        """Sum up a stretch of time; percentiles are right to 5 %."""
        waits: Counter[int] = Counter()
        reasons: Counter[str] = Counter()
        for second in seconds:
            waits += self._waits.get((kind, second), Counter())
            reasons += self._reasons.get((kind, second), Counter())
        return Summary(
            waits.total(),
            reasons.total(),
            _percentile(waits, 0.5),
            _percentile(waits, 0.95),
            _percentile(waits, 0.99),
            _percentile(waits, 1),
            tuple(reasons.most_common(4)),
        )

    def failing_seconds(self, kind: str, seconds: Iterable[int]) -> list[int]:
        return [second for second in seconds if self._reasons.get((kind, second))]


def _percentile(waits: Counter[int], share: float) -> float:
    left = math.ceil(waits.total() * share)
    for bucket in sorted(waits):
        left -= waits[bucket]
        if left <= 0:
            return float(STEP**bucket)
    return math.nan

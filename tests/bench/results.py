"""Results as a run would bring them."""

from bench.figures import Result, Sample


def sample(per_second: float, *, p99_ms: float = 1, memory_mb: float = 50) -> Sample:
    return Sample(
        per_second=per_second, p50_ms=0.5, p99_ms=p99_ms, cpu_us=10, busy=1, memory_mb=memory_mb
    )


def result(
    scenario: str, contender: str, *per_second: float, p99_ms: float = 1, memory_mb: float = 50
) -> Result:
    rounds = (sample(rate, p99_ms=p99_ms, memory_mb=memory_mb) for rate in per_second)
    return Result(scenario, contender, tuple(rounds))

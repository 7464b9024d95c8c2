"""What was seen, as tables in Markdown. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from bench.production.ledger import Ledger, Summary
from bench.production.outages import Course

HEAD = ("kind", "asked", "failed", "p50 ms", "p95 ms", "p99 ms", "worst ms")


def load(ledger: Ledger, seconds: Iterable[int]) -> list[str]:
    """One row for each kind of work."""
    seconds = list(seconds)
    rows = [(kind, *_cells(ledger.summary(kind, seconds))) for kind in ledger.kinds()]
    return _table(HEAD, rows)


def outages(ledger: Ledger, courses: Sequence[Course]) -> list[str]:
    """One row for each dependency, one column for each kind: failed of asked while it was away."""
    kinds = ledger.kinds()
    rows = []
    for course in courses:
        summaries = [ledger.summary(kind, course.away) for kind in kinds]
        rows.append(
            (
                course.name,
                *(_failed(summary) for summary in summaries),
                f"{course.recovered_after_seconds:.0f} s",
            )
        )
    return _table(("away", *kinds, "well again after"), rows)


def reasons(ledger: Ledger, courses: Sequence[Course]) -> list[str]:
    """Why things failed, while something was away and until it was well again."""
    lines = []
    for course in courses:
        for kind in ledger.kinds():
            found = ledger.summary(kind, [*course.away, *course.after]).reasons
            words = ", ".join(f"{count} x {reason}" for reason, count in found)
            if words:
                lines.append(f"- {course.name}: {kind}: {words}")
    return lines


def weights(
    before: Mapping[str, tuple[float, int]], after: Mapping[str, tuple[float, int]]
) -> list[str]:
    """Memory and open files of each process, before the load and after it."""
    rows = []
    for name, (memory, files) in before.items():
        later_memory, later_files = after.get(name, (0.0, 0))
        rows.append((name, f"{memory:.0f}", f"{later_memory:.0f}", str(files), str(later_files)))
    return _table(("process", "MB before", "MB after", "files before", "files after"), rows)


def _failed(summary: Summary) -> str:
    return f"{summary.failed} of {summary.asked}, p99 {summary.p99_ms:.0f} ms"


def _cells(summary: Summary) -> tuple[str, ...]:
    times = (summary.p50_ms, summary.p95_ms, summary.p99_ms, summary.worst_ms)
    return (f"{summary.asked:,}", str(summary.failed), *(f"{time:.1f}" for time in times))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]

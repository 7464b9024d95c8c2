"""Results as a table to read and as JSON to keep. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from bench.figures import Results, Sample
from bench.goals import Verdict
from bench.scenarios import REDISGATE, SCENARIOS

HEAD = ("", "commands/s", "p50 ms", "p99 ms", "CPU µs", "busy", "redisgate is")
WORDS = {True: "reached", False: "NOT REACHED", None: "not measured"}


def table(results: Results) -> list[str]:
    """Write the medians, one scenario after another; ratios are of commands a second."""
    rows: list[tuple[str, ...]] = [HEAD]
    for scenario in SCENARIOS:
        ours = results.median(scenario.name, REDISGATE)
        measured = [(name, results.median(scenario.name, name)) for name in scenario.contenders]
        cells = [_row(name, sample, ours) for name, sample in measured if sample is not None]
        if cells:
            rows += [(scenario.name, *[""] * 6), *cells]
    return _aligned(rows) if len(rows) > 1 else []


def _row(name: str, sample: Sample, ours: Sample | None) -> tuple[str, ...]:
    is_ours = name == REDISGATE or ours is None
    ratio = "" if is_ours or ours is None else f"{ours.per_second / sample.per_second:.2f} x"
    return (
        f"  {name}",
        f"{sample.per_second:,.0f}",
        f"{sample.p50_ms:.2f}",
        f"{sample.p99_ms:.2f}",
        f"{sample.cpu_us:.2f}",
        f"{sample.busy:.0%}",
        ratio,
    )


def goals(verdicts: Iterable[Verdict]) -> list[str]:
    """Write the table of what must be reached."""
    return _aligned([("goal", "bound", "measured", ""), *map(_goal_row, verdicts)])


def _goal_row(verdict: Verdict) -> tuple[str, ...]:
    goal = verdict.goal
    sign, bound = (">=", goal.at_least) if goal.at_least is not None else ("<=", goal.at_most)
    measured = "-" if verdict.figure is None else f"{verdict.figure:.2f} {goal.unit}"
    return goal.name, f"{sign} {bound:g} {goal.unit}", measured, WORDS[verdict.is_reached]


def as_json(
    results: Results,
    verdicts: Iterable[Verdict],
    *,
    machine: Mapping[str, str],
    options: Mapping[str, object],
    platform: Mapping[str, float],
) -> dict[str, object]:
    """Collect everything in plain values, every round included."""
    return {
        "machine": dict(machine),
        "options": dict(options),
        "platform": dict(platform),
        "goals": [
            {"name": it.goal.name, "figure": it.figure, "is_reached": it.is_reached}
            for it in verdicts
        ],
        "results": [
            {
                "scenario": result.scenario,
                "contender": result.contender,
                "median": asdict(result.median),
                "rounds": [asdict(sample) for sample in result.rounds],
            }
            for result in results
        ],
    }


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Put the first column to the left and the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        ).rstrip()
        for row in rows
    ]
